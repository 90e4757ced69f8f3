Console.WriteLine("union-silo");

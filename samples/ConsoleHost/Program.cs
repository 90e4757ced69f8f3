Console.WriteLine("UnionActors");

using UnionSilo.Commands;

return await CommandLine.Run(args);

namespace UnionSilo.Commands;

/// <summary>What the process answers its caller.</summary>
internal static class ExitCode
{
    /// <summary>Done, and all is well.</summary>
    public const int Ok = 0;

    /// <summary>Done, and something was found that is not as it should be.</summary>
    public const int Findings = 1;

    /// <summary>The command line was not understood.</summary>
    public const int Usage = 2;

    /// <summary>Not done: the database could not be used.</summary>
    public const int Failed = 3;
}

using UnionDomain.Kernel;

namespace UnionClient;

/// <summary>The rules said no where a value cannot say so: inside an enumeration, or in a script that asked for exceptions.</summary>
public sealed class RefusedException(Refusal refusal) : Exception(refusal.ToString())
{
    /// <summary>The rule that said no.</summary>
    public Refusal Refusal { get; } = refusal;
}

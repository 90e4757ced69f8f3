namespace UnionDomain.Kernel.Identifiers;

/// <summary>Sex (性别) as the templates number it.</summary>
public enum Sex
{
    /// <summary>男, 1.</summary>
    Male = 1,

    /// <summary>女, 2.</summary>
    Female = 2,
}

namespace UnionDomain.Kernel;

/// <summary>In what capacity somebody acts.</summary>
public enum Role
{
    /// <summary>A member (会员): applies.</summary>
    Member,

    /// <summary>An officer of a primary union: collects data, proposes, enrols.</summary>
    Officer,

    /// <summary>The committee of a primary union: decides admission, recommends.</summary>
    Committee,

    /// <summary>A subdistrict or township federation: verifies, surveys, inspects first.</summary>
    Subdistrict,

    /// <summary>A department of the district federation: approves formation, elections, grants.</summary>
    District,

    /// <summary>The district registrar of legal-person certificates.</summary>
    Registrar,

    /// <summary>District finance: pays.</summary>
    Finance,

    /// <summary>An audit commission (经审): reads everything, certifies, changes nothing.</summary>
    Audit,

    /// <summary>An awarding body.</summary>
    AwardingBody,

    /// <summary>The gateway of the bank (a system).</summary>
    Bank,

    /// <summary>A statistics officer: accepts and freezes returns.</summary>
    Statistics,

    /// <summary>A department of the municipal federation.</summary>
    Municipal,
}

/// <summary>Rights an operator holds beside the role.</summary>
[Flags]
public enum Rights
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>May give a business date before today.</summary>
    Backdate = 1,
}

/// <summary>Who gives a command.</summary>
/// <param name="Id">Staff number or account of the operator: never a name or a document number.</param>
/// <param name="Union">The union on whose behalf the operator acts.</param>
/// <param name="Role">The capacity in which the operator acts.</param>
/// <param name="Rights">Rights beside the role; none unless given.</param>
public sealed record Operator(string Id, UnionId Union, Role Role, Rights Rights = Rights.None);

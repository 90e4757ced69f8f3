using System.Collections.Immutable;
using System.Text.Json;
using UnionDomain.Kernel;
using UnionDomain.Kernel.Identifiers;

namespace UnionDomain.Members;

/// <summary>One member in a list: always masked.</summary>
public sealed record MemberLine : ILine<MemberLine>
{
    /// <inheritdoc/>
    public static ReadModel Model { get; } = new("member_row",
        new("member_id", ColumnType.Text, IsKey: true),
        new("union_id", ColumnType.Text),
        new("employer_id", ColumnType.Text),
        new("status", ColumnType.Number),
        new("deemed_from", ColumnType.Date),
        new("qualified_until", ColumnType.Date),
        new("findings", ColumnType.Text),
        new("sex", ColumnType.Number),
        new("birth_year", ColumnType.Number),
        new("document_type", ColumnType.Number),
        new("name_mask", ColumnType.Text),
        new("document_mask", ColumnType.Text),
        new("mobile_mask", ColumnType.Text),
        new(Member.DocumentHash, ColumnType.Text),
        new(Member.NameHash, ColumnType.Text),
        new(Member.MobileHash, ColumnType.Text),
        new("sealed", ColumnType.Text),
        new("education", ColumnType.Number),
        new("employment", ColumnType.Number),
        new("joined_on", ColumnType.Date),
        new("begun_on", ColumnType.Date),
        new("left_on", ColumnType.Date),
        new("migrant", ColumnType.Flag),
        new("card_consent", ColumnType.Flag),
        new("transfer_to", ColumnType.Text),
        new("transfer_until", ColumnType.Date));

    private static readonly int Sealed = Model.Columns.IndexOf(Model["sealed"]);

    /// <summary>Surrogate key of the person.</summary>
    public required MemberId Id { get; init; }

    /// <summary>The union applied to, on whose roll the member is or was, or which holds the retained membership.</summary>
    public required UnionId Union { get; init; }

    /// <summary>The employing unit.</summary>
    public EmployerId? Employer { get; init; }

    /// <summary>Where the person stands by what is recorded; on a date see <see cref="StatusOn"/>.</summary>
    public required MemberStatus Status { get; init; }

    /// <summary>The first day on which the member is deemed to have left; 9999-12-31: never.</summary>
    public required DateOnly DeemedFrom { get; init; }

    /// <summary>The last day on which the record is qualified; 9999-12-31: for ever, 0001-01-01: it is not.</summary>
    public required DateOnly QualifiedUntil { get; init; }

    /// <summary>What is wrong with the record, reasons parted by blanks.</summary>
    public required string Findings { get; init; }

    /// <summary>Sex.</summary>
    public Sex? Sex { get; init; }

    /// <summary>Year of birth.</summary>
    public int? BirthYear { get; init; }

    /// <summary>Kind of document, 1–4.</summary>
    public int? DocumentType { get; init; }

    /// <summary>The name's first character and stars.</summary>
    public string? NameMask { get; init; }

    /// <summary>The document's number with its middle starred out.</summary>
    public string? DocumentMask { get; init; }

    /// <summary>The phone's first three and last four digits.</summary>
    public string? MobileMask { get; init; }

    /// <summary>Education, 1–5.</summary>
    public int? Education { get; init; }

    /// <summary>Employment, 1–4.</summary>
    public int? Employment { get; init; }

    /// <summary>When the member joined, by the sheet.</summary>
    public DateOnly? JoinedOn { get; init; }

    /// <summary>When membership first began.</summary>
    public DateOnly? BegunOn { get; init; }

    /// <summary>When the person left.</summary>
    public DateOnly? LeftOn { get; init; }

    /// <summary>Whether a migrant worker.</summary>
    public bool? Migrant { get; init; }

    /// <summary>Whether a Jing Card may be made.</summary>
    public bool CardConsent { get; init; }

    /// <summary>The union to which a transfer is offered.</summary>
    public UnionId? TransferTo { get; init; }

    /// <summary>The last day on which it may be accepted.</summary>
    public DateOnly? TransferUntil { get; init; }

    /// <summary>Where the person stands on a date.</summary>
    public MemberStatus StatusOn(DateOnly on) => Standing.On(on, Status, DeemedFrom);

    /// <inheritdoc/>
    public static MemberLine Of(ImmutableArray<object?> values) => new()
    {
        Id = new((string)values[0]!),
        Union = new((string)values[1]!),
        Employer = values[2] is string employer ? new(employer) : null,
        Status = (MemberStatus)(long)values[3]!,
        DeemedFrom = (DateOnly)values[4]!,
        QualifiedUntil = (DateOnly)values[5]!,
        Findings = (string)values[6]!,
        Sex = (Sex?)(long?)values[7],
        BirthYear = (int?)(long?)values[8],
        DocumentType = (int?)(long?)values[9],
        NameMask = (string?)values[10],
        DocumentMask = (string?)values[11],
        MobileMask = (string?)values[12],
        Education = (int?)(long?)values[17],
        Employment = (int?)(long?)values[18],
        JoinedOn = (DateOnly?)values[19],
        BegunOn = (DateOnly?)values[20],
        LeftOn = (DateOnly?)values[21],
        Migrant = (bool?)values[22],
        CardConsent = (bool)values[23]!,
        TransferTo = values[24] is string to ? new(to) : null,
        TransferUntil = (DateOnly?)values[25],
    };

    /// <summary>The row of a state; none while nothing is recorded. Of an entry that was undone only its key is left, and no query finds it.</summary>
    internal static Row? RowOf(MemberState member)
    {
        if (member is { Status: MemberStatus.None, UndoneOn: null }) return null;
        var record = member.Record;
        var findings = member.Workplace.Finding is { } finding ? record.Findings.Insert(0, finding) : record.Findings;
        return new(Model,
        [
            member.Id.Value, member.Union.Value, member.Workplace.Employer?.Value, Boxed.Number((long)member.Status), Boxed.Date(member.DeemedFrom ?? DateOnly.MaxValue),
            Boxed.Date(member.QualifiedUntil ?? DateOnly.MinValue), findings.IsEmpty ? "" : string.Join(' ', findings), Boxed.Number((long?)record.Sex), Boxed.Number(record.BirthYear),
            Boxed.Number(record.DocumentType), record.NameMask, record.DocumentMask, record.MobileMask, record.DocumentHash, record.NameHash, record.MobileHash, record.Sealed,
            Boxed.Number(record.Education), Boxed.Number(record.Employment), record.JoinedOn, member.BegunOn, member.LeftOn, Boxed.Flag(record.Migrant), Boxed.Flag(member.HasCardConsent),
            member.Transfer?.To.Value, member.Transfer?.Until,
        ]);
    }

    /// <summary>Opens rows to compare the beginning of the name.</summary>
    internal static Opening NameBegins(string prefix, UnionId? unit) => new(
        values => (string?)values[Sealed],
        values => new MemberId((string)values[0]!).Stream,
        opened => JsonSerializer.Deserialize<MemberPersonal>(opened, UnionJson.Options)?.Name?.StartsWith(prefix, StringComparison.Ordinal) == true,
        unit);
}

/// <summary>Asks for members; every property that is given must hold. Personal values are searched for only inside the own subtree.</summary>
public sealed record MemberQuery : IQuery<MemberLine>
{
    /// <summary>The date on which everything shall hold that depends on one; usually the caller's today.</summary>
    public required DateOnly On { get; init; }

    /// <summary>At a union in the subtree of this one, itself included.</summary>
    public UnionId? Within { get; init; }

    /// <summary>The date of the tree for <see cref="Within"/>; the newest tree unless given.</summary>
    public DateOnly? AsOf { get; init; }

    /// <summary>At this union.</summary>
    public UnionId? Union { get; init; }

    /// <summary>Of this unit.</summary>
    public EmployerId? Employer { get; init; }

    /// <summary>Standing here on <see cref="On"/>.</summary>
    public MemberStatus? Status { get; init; }

    /// <summary>True: active members whose record is qualified on <see cref="On"/>; false: those whose record is not, which is the work list of a unit.</summary>
    public bool? Qualified { get; init; }

    /// <summary>With a transfer to this union that is open on <see cref="On"/>.</summary>
    public UnionId? OfferedTo { get; init; }

    /// <summary>With this kind of document and number, however it is typed.</summary>
    public DocumentSearch? Document { get; init; }

    /// <summary>With this phone.</summary>
    public string? Mobile { get; init; }

    /// <summary>With exactly this name.</summary>
    public string? Name { get; init; }

    /// <summary>The name begins so; only inside one unit (<see cref="Employer"/> or <see cref="Union"/>).</summary>
    public string? NamePrefix { get; init; }

    Refusal? IQuery<MemberLine>.Refused => NamePrefix is not null && Employer is null && Union is null ? SearchRules.UnitMissing : null;

    Opening? IQuery<MemberLine>.Opens => NamePrefix is { } prefix ? MemberLine.NameBegins(MemberForm.CanonicalName(prefix), Employer is null ? Union : null) : null;

    /// <inheritdoc/>
    public IEnumerable<Condition> Where()
    {
        if ((Within ?? (NamePrefix is null ? null : Union)) is { } scope) yield return new("union_id", Comparison.Within, scope.Value, AsOf);
        if (Union is { } union) yield return new("union_id", Comparison.Equal, union.Value);
        if (Employer is { } employer) yield return new("employer_id", Comparison.Equal, employer.Value);
        if (Document is { } document) yield return new(Member.DocumentHash, Comparison.Hashed, document.Canonical(On));
        if (Mobile is { } mobile) yield return new(Member.MobileHash, Comparison.Hashed, Typed.Normalise(mobile, out _));
        if (Name is { } name) yield return new(Member.NameHash, Comparison.Hashed, MemberForm.CanonicalName(name));
        if (OfferedTo is { } target)
        {
            yield return new("transfer_to", Comparison.Equal, target.Value);
            yield return new("transfer_until", Comparison.AtLeast, On);
        }

        var status = Status ?? (Qualified is not null || OfferedTo is not null ? MemberStatus.Active : null);
        if (status is { } standing) yield return new("status", Comparison.Equal, (long)(standing == MemberStatus.DeemedWithdrawn ? MemberStatus.Active : standing));
        // An entry that was undone is found by nobody.
        else yield return new("status", Comparison.AtLeast, (long)MemberStatus.Applicant);
        if (status == MemberStatus.DeemedWithdrawn) yield return new("deemed_from", Comparison.AtMost, On);
        if (status == MemberStatus.Active) yield return new("deemed_from", Comparison.AtLeast, On.AddDays(1));
        if (Qualified == true) yield return new("qualified_until", Comparison.AtLeast, On);
        if (Qualified == false) yield return new("qualified_until", Comparison.AtMost, On.AddDays(-1));
    }

    private bool PrintMembers(System.Text.StringBuilder text)
    {
        text.Append("personal");
        return true;
    }
}

/// <summary>A document searched for. Personal: it is hashed before it is compared.</summary>
/// <param name="Type">Kind of document, 1–4.</param>
/// <param name="Number">Its number, however it is typed.</param>
public sealed record DocumentSearch(int Type, string Number)
{
    /// <summary>The canonical form, as it is hashed; a number that is no number is found nowhere.</summary>
    internal string Canonical(DateOnly on)
    {
        var sheet = new MemberForm { DocumentType = Type.ToString(System.Globalization.CultureInfo.InvariantCulture), DocumentNumber = Number };
        return sheet.Examine(on).Document ?? "";
    }

    private bool PrintMembers(System.Text.StringBuilder text)
    {
        text.Append("personal");
        return true;
    }
}

/// <summary>One recorded look at personal fields.</summary>
public sealed record MemberLookLine : ILine<MemberLookLine>
{
    /// <inheritdoc/>
    public static ReadModel Model { get; } = new("member_look",
        new("member_id", ColumnType.Text, IsKey: true),
        new("n", ColumnType.Number, IsKey: true),
        new("union_id", ColumnType.Text),
        new("purpose", ColumnType.Text),
        new("looked_by", ColumnType.Text),
        new("looked_for", ColumnType.Text),
        new("looked_on", ColumnType.Date));

    /// <summary>Whose fields.</summary>
    public required MemberId Member { get; init; }

    /// <summary>Its number in the stream, from 1.</summary>
    public required int N { get; init; }

    /// <summary>The member's union at the time.</summary>
    public required UnionId Union { get; init; }

    /// <summary>Why.</summary>
    public required string Purpose { get; init; }

    /// <summary>Account of the operator.</summary>
    public required string By { get; init; }

    /// <summary>The union the operator acted for.</summary>
    public required UnionId For { get; init; }

    /// <summary>When.</summary>
    public required DateOnly On { get; init; }

    /// <inheritdoc/>
    public static MemberLookLine Of(ImmutableArray<object?> values) => new()
    {
        Member = new((string)values[0]!),
        N = (int)(long)values[1]!,
        Union = new((string)values[2]!),
        Purpose = (string)values[3]!,
        By = (string)values[4]!,
        For = new((string)values[5]!),
        On = (DateOnly)values[6]!,
    };

    /// <summary>The row of a look.</summary>
    internal static Row RowOf(MemberState member, MemberLooked look) =>
        new(Model, [member.Id.Value, (long)look.N, look.At.Value, look.Purpose, look.By, look.For.Value, look.On]);
}

/// <summary>Asks for looks at personal fields; every property that is given must hold.</summary>
public sealed record MemberLookQuery : IQuery<MemberLookLine>
{
    /// <summary>At members of unions in the subtree of this one, itself included.</summary>
    public UnionId? Within { get; init; }

    /// <summary>The date of the tree for <see cref="Within"/>; the newest tree unless given.</summary>
    public DateOnly? AsOf { get; init; }

    /// <summary>At this member's fields.</summary>
    public MemberId? Member { get; init; }

    /// <summary>For this purpose.</summary>
    public string? Purpose { get; init; }

    /// <summary>By this account.</summary>
    public string? By { get; init; }

    /// <summary>First day.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last day.</summary>
    public DateOnly? Through { get; init; }

    /// <inheritdoc/>
    public IEnumerable<Condition> Where()
    {
        if (Within is { } scope) yield return new("union_id", Comparison.Within, scope.Value, AsOf);
        if (Member is { } member) yield return new("member_id", Comparison.Equal, member.Value);
        if (Purpose is { } purpose) yield return new("purpose", Comparison.Equal, purpose);
        if (By is { } account) yield return new("looked_by", Comparison.Equal, account);
        if (From is { } from) yield return new("looked_on", Comparison.AtLeast, from);
        if (Through is { } through) yield return new("looked_on", Comparison.AtMost, through);
    }
}

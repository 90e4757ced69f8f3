using System.Text.Json;
using UnionDomain.Kernel;

namespace UnionDomain.Members;

/// <summary>Compares the cells of a row of the members' template with a record, inside the silo: only the kind of each is told, never what stands there.</summary>
public static class MemberCells
{
    /// <summary>One kind per column of <see cref="MemberSheet.Columns"/>.</summary>
    /// <param name="member">The person as recorded.</param>
    /// <param name="seal">Opens the record; null where there is none to be opened.</param>
    /// <param name="command">What follows from the row, the unit looked up.</param>
    /// <param name="form">The row as it was judged.</param>
    public static CellKind[] Compare(MemberState member, ISeal? seal, MemberCommand.Enter command, ExaminedForm form)
    {
        ArgumentNullException.ThrowIfNull(member);
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(form);
        var told = Values(command.Union.Value, command.Employer, form.DocumentType, form.DocumentValidUntil, form.Sex, form.Education, form.Skill, form.Employment, form.Household,
            form.Residence, form.JoinedOn, form.Migrant, form.CardConsent, form.Personal);
        if (member.Status == MemberStatus.None) return Cells.Compare(new object?[told.Length], told);
        var record = member.Record;
        var opened = record.Sealed is { } closed && seal is not null ? JsonSerializer.Deserialize<MemberPersonal>(seal.Open(closed), UnionJson.Options)! : new();
        return Cells.Compare(
            Values(member.Union.Value, member.Workplace.Employer, record.DocumentType, record.DocumentValidUntil, record.Sex, record.Education, record.Skill, record.Employment, record.Household,
                record.Residence, record.JoinedOn, record.Migrant, record.CardConsent, opened),
            told);
    }

    // What was typed into a wrong cell is kept beside the record.
    private static object?[] Values(
        string union, EmployerId? employer, int? documentType, DateOnly? validUntil, object? sex, int? education, int? skill, int? employment, int? household, string? residence, DateOnly? joinedOn,
        bool? migrant, bool consent, MemberPersonal personal)
    {
        return
        [
            employer?.Value ?? Raw("employerCode"), union, personal.Name, documentType ?? Raw("documentType"), personal.DocumentNumber ?? Raw("documentNumber"), validUntil ?? Raw("documentValidUntil"),
            sex ?? Raw("sex"), personal.BornOn ?? Raw("bornOn"), personal.Nation, personal.Politics, education ?? Raw("education"), skill ?? Raw("skill"), employment ?? Raw("employment"),
            household ?? Raw("household"), residence ?? Raw("residence"), personal.Mobile ?? Raw("mobile"), joinedOn ?? Raw("joinedOn"), migrant ?? Raw("migrant"), consent ? true : Raw("cardConsent"),
            personal.Remarks,
        ];

        object? Raw(string field) => personal.Raw?.GetValueOrDefault(field);
    }
}

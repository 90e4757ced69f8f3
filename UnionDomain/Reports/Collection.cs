using System.Runtime.CompilerServices;
using UnionDomain.Kernel;

namespace UnionDomain.Reports;

/// <summary>How far the information of one unit's members is collected (会员信息采集), and whether the unit reports as many members as are on record.</summary>
/// <param name="Employer">The unit.</param>
/// <param name="Registered">Its members on record.</param>
/// <param name="Qualified">Those of them whose record is qualified.</param>
/// <param name="Reported">The members it reported itself; null when it reported none, or to a federation outside the scope.</param>
public sealed record CollectionLine(EmployerId Employer, long Registered, long Qualified, long? Reported)
{
    /// <summary>Members on record less members reported; null when none were reported.</summary>
    public long? Difference => Registered - Reported;

    /// <summary>Qualified records per members on record (采集率), rounded for display; null while no member is on record.</summary>
    public Percentage? Rate => Share.Of(Qualified, Registered);

    /// <summary>One line for each unit that any of the three knows, by number. Each must come in the order of its subjects, compared by code units.</summary>
    public static async IAsyncEnumerable<CollectionLine> Merge(
        IAsyncEnumerable<SubjectValue> registered, IAsyncEnumerable<SubjectValue> qualified, IAsyncEnumerable<SubjectValue> reported, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        await using var first = registered.GetAsyncEnumerator(cancel);
        await using var second = qualified.GetAsyncEnumerator(cancel);
        await using var third = reported.GetAsyncEnumerator(cancel);
        IAsyncEnumerator<SubjectValue>[] sources = [first, second, third];
        var heads = new SubjectValue?[sources.Length];
        for (var i = 0; i < sources.Length; i++) heads[i] = await Next(sources[i]);
        while (heads.Select(head => head?.Subject).Min(StringComparer.Ordinal) is { } employer)
        {
            var values = new long?[sources.Length];
            for (var i = 0; i < sources.Length; i++)
            {
                if (heads[i]?.Subject != employer) continue;
                values[i] = heads[i]!.Value;
                heads[i] = await Next(sources[i]);
            }

            yield return new(new(employer), values[0] ?? 0, values[1] ?? 0, values[2]);
        }

        static async ValueTask<SubjectValue?> Next(IAsyncEnumerator<SubjectValue> source) => await source.MoveNextAsync() ? source.Current : null;
    }
}

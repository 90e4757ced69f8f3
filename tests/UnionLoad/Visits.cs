namespace UnionLoad;

/// <summary>The version of a member that a limit writes next.</summary>
internal readonly record struct Visit(long Member, long Version)
{
    public string Stream => "member/" + District.Key(Member);
}

/// <summary>Chooses the members of the next group, in the order in which the house meets them too.</summary>
internal sealed class Visits(Request request, Case measured, int number, int sessions)
{
    private readonly Dictionary<long, long> versions = [];
    private long next;

    /// <summary>Fills a group, in the order of the keys, as every index likes it; less or nothing when there are no more.</summary>
    public void Fill(List<Visit> group, int size)
    {
        group.Clear();
        for (; group.Count < size; next++)
        {
            var n = (next * sessions) + number;
            switch (measured)
            {
                case Case.First:
                    group.Add(new(request.Seeded + Roll.Anywhere(n), 1));
                    break;
                case Case.Bulk:
                    // Each session takes whole pieces of the roll.
                    group.Add(new(request.Seeded + (((next / size * sessions) + number) * size) + (next % size), 1));
                    break;
                case Case.Cold when n >= request.Seeded:
                    return;
                case Case.Cold:
                    group.Add(new(District.Scattered(n, request.Seeded), 2));
                    break;
                case Case.Warm or Case.Light:
                    Change(District.Scattered(n, request.Actors));
                    break;
                default:
                    Change(0);
                    break;
            }
        }

        group.Sort(static (a, b) => a.Member.CompareTo(b.Member) is not 0 and var order ? order : a.Version.CompareTo(b.Version)); // Keys rise with the number.

        void Change(long member)
        {
            var version = versions[member] = versions.GetValueOrDefault(member, 1) + 1;
            group.Add(new(member, version));
        }
    }

    /// <summary>Whether a member does not come once more in the group: only its newest row is seen.</summary>
    public static bool IsNewest(List<Visit> group, int i) => i + 1 == group.Count || group[i + 1].Member != group[i].Member;
}

using System.Reflection;
using System.Text;
using UnionDomain.Kernel;
using UnionDomain.Tests.Pinned;

namespace UnionDomain.Tests.Kernel;

/// <summary>What the feed tells of an event: nothing that is kept of a person.</summary>
[Trait("F", "29")]
public sealed class ToldEventTests
{
    [Fact]
    public void Every_seal_mask_and_hash_in_an_event_is_marked_as_personal()
    {
        var kept = Rooms.All.SelectMany(room => room.Events.Cases.Select(c => c.Case)).SelectMany(type => Inside(type, [])).ToList();
        var unmarked = kept.Where(property => Telling(property.Name) && !property.IsDefined(typeof(PersonalAttribute))).Select(property => property.Name);
        Assert.Equal([], unmarked);
        Assert.True(kept.Count(property => property.IsDefined(typeof(PersonalAttribute))) >= 16);

        static bool Telling(string name) => name is "Sealed" or "Closed" or "Mask" or "Hash" || name.EndsWith("Mask", StringComparison.Ordinal) || name.EndsWith("Hash", StringComparison.Ordinal);
    }

    [Fact]
    public void Every_example_is_told_without_them_and_otherwise_as_it_is_stored()
    {
        foreach (var (kind, stored) in GoldenExamples.All)
        {
            var (told, _) = Rooms.ByKind[kind].Tell(stored, new(kind, "X-1"));
            var (before, after) = (Encoding.UTF8.GetString(stored.Json.Span), Encoding.UTF8.GetString(told.Json.Span));
            foreach (var secret in new[] { "AAAA", "示*", "****", "\"nameMask\"", "\"sealed\"", "\"mask\"", "\"hash\"", "Hash\":\"1." }) Assert.DoesNotContain(secret, after, StringComparison.Ordinal);
            Assert.Equal((stored.Type, stored.Schema), (told.Type, told.Schema));
            if (!before.Contains("AAAA", StringComparison.Ordinal)) Assert.Equal(before, after);
        }
    }

    private static IEnumerable<PropertyInfo> Inside(Type type, HashSet<Type> seen)
    {
        if (!type.FullName!.StartsWith("UnionDomain", StringComparison.Ordinal) || type.IsEnum || !seen.Add(type)) yield break;
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            yield return property;
            var of = property.PropertyType.IsGenericType ? property.PropertyType.GetGenericArguments()[0] : property.PropertyType;
            foreach (var inner in Inside(of, seen)) yield return inner;
        }
    }
}

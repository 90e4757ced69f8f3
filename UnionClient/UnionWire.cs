using System.Collections.Frozen;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Configuration;
using UnionClient.Feed;
using UnionDomain;
using UnionDomain.CardBatches;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionDomain.Reports;
using UnionDomain.Unions;

namespace UnionClient;

/// <summary>
/// How the domain's types cross the wire: as JSON under pinned names. Without these names Orleans would write class and assembly names,
/// and moving a class would break every client in the field. Silo and client register the same list.
/// </summary>
public static class UnionWire
{
    /// <summary>Every pinned name with its type. Names are added, never changed.</summary>
    public static FrozenDictionary<string, Type> Names { get; } = All().ToFrozenDictionary(name => name.Name, name => name.Type, StringComparer.Ordinal);

    /// <summary>Registers JSON for the domain's types and their pinned names.</summary>
    public static IServiceCollection AddUnionWire(this IServiceCollection services)
    {
        services.AddSerializer(serializer => serializer.AddJsonSerializer(type => Names.Values.Contains(type), UnionJson.Options));
        services.Configure<TypeManifestOptions>(manifest =>
        {
            foreach (var (name, type) in Names) manifest.WellKnownTypeAliases[name] = type;
        });
        return services;
    }

    private static IEnumerable<(string Name, Type Type)> All()
    {
        yield return ("union.operator", typeof(Operator));
        yield return ("union.refusal", typeof(Refusal));
        yield return ("union.fact-line", typeof(FactLine));
        yield return ("union.figure", typeof(Figure));
        yield return ("union.figure-query", typeof(FigureQuery));
        yield return ("union.subject-value", typeof(SubjectValue));
        yield return ("union.feed.query", typeof(FeedQuery));
        yield return ("union.feed-event", typeof(FeedEvent));
        yield return ("union.unions.query", typeof(UnionQuery));
        yield return ("union.unions.line", typeof(UnionLine));
        yield return ("union.employers.query", typeof(EmployerQuery));
        yield return ("union.employers.line", typeof(EmployerLine));
        yield return ("union.members.query", typeof(MemberQuery));
        yield return ("union.members.line", typeof(MemberLine));
        yield return ("union.member-looks.query", typeof(MemberLookQuery));
        yield return ("union.member-looks.line", typeof(MemberLookLine));
        yield return ("union.cards.query", typeof(CardQuery));
        yield return ("union.cards.line", typeof(CardLine));
        yield return ("union.card-batches.query", typeof(CardBatchQuery));
        yield return ("union.card-batches.line", typeof(CardBatchLine));
        yield return ("union.card-batch-lines.query", typeof(CardBatchLineQuery));
        yield return ("union.card-batch-lines.line", typeof(CardBatchMemberLine));
        foreach (var room in Rooms.All)
        {
            yield return ($"union.{room.Kind}.command", room.Commands.Base);
            yield return ($"union.{room.Kind}.view", room.View);
            foreach (var (name, type) in room.Commands.Cases) yield return ($"union.{room.Kind}.do.{name}", type);
        }
    }
}

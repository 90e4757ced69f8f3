using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionGrains.Kernel;

namespace UnionLoad;

/// <summary>What differs from one member's rows to another's.</summary>
internal enum Hole
{
    Member,
    Union,
    Employer,
    DocumentHash,
    NameHash,
    MobileHash,
    ContentHash,
    Sealed,
}

/// <summary>
/// The rows of one command of a member, taken once from the deciders, with holes for what differs. The values that fill them are as long and as random as the real
/// ones, but nothing is decided, hashed or encrypted for them: that is not the price of the rows.
/// </summary>
internal sealed class Mould
{
    // Any member will do whose number is not also that of a unit.
    public const long Sample = 12_345;

    // Long enough that no page holds the same piece twice.
    private static readonly string Noise = Convert.ToBase64String(RandomNumberGenerator.GetBytes(3 << 19));

    private readonly string searchKey;
    private readonly int sealedLength;
    private readonly byte[] wrapped;

    private Mould(Append append, string searchKey, int sealedLength, WrappedKey key)
    {
        (this.searchKey, this.sealedLength, wrapped, Master) = (searchKey, sealedLength, key.Wrapped.ToArray(), key.Master);
        var stored = append.Consequences.Events.Single();
        (Type, Schema, Event) = (stored.Type, stored.Schema, Template.Of(Encoding.UTF8.GetString(stored.Json.Span)));
        var row = append.Consequences.Rows.Single();
        Columns = row.Model.Columns;
        Row = [.. row.Values.Select(value => value is string text ? Template.Of(text) : value)];
        Claims = [.. append.Consequences.Claims.Select(claim => (claim.Key.Kind, Template.Of(claim.Key.Key)))];
        Facts = [.. append.Consequences.Facts.Select(placed => (placed.Fact.Measure.Id, Template.Of(placed.Fact.Union.Value), Template.Of(placed.Fact.Subject), placed.Fact.Value))];
        if (append.Consequences.Facts.Any(placed => placed.Fact.On is not null)) throw new InvalidOperationException("A fact of the sample has a date of its own.");
    }

    public string Type { get; }

    public int Schema { get; }

    public Template Event { get; }

    public ImmutableArray<Column> Columns { get; }

    /// <summary>The value of each column: a <see cref="Template"/> where it is text.</summary>
    public ImmutableArray<object?> Row { get; }

    public ImmutableArray<(string Kind, Template Key)> Claims { get; }

    public ImmutableArray<(string Measure, Template Union, Template Subject, long Value)> Facts { get; }

    /// <summary>Number of the key that wrapped the persons'.</summary>
    public string Master { get; }

    /// <summary>The mould of the command of a case: a first one, a short one, or a changed sheet.</summary>
    public static async Task<Mould> Of(Request request, Case measured)
    {
        var vault = await Roll.OpenVault(request);
        var seal = new Outline();
        var self = Roll.Id(Sample).Stream;
        var knowledge = Roll.Found().Knowledge;
        var (first, state) = Decide(Roll.Enter(Sample), null);
        var former = state with { Record = state.Record with { ContentHash = null } }; // Every content has the same mark.
        var made = measured switch
        {
            Case.First or Case.Bulk => first,
            Case.Light => Decide(Roll.Consent(0), state).Append,
            _ => Decide(Roll.Collect(Sample, 1), former).Append,
        };
        return new(made, vault.Search.Id, seal.Length, vault.NewKey().Wrapped);

        (Append Append, MemberState State) Decide(MemberCommand command, MemberState? before) =>
            District.Decide<Member, MemberState, MemberCommand, MemberEvent, MemberView>(self, Member.Seal(command, seal, District.Today), knowledge, before);
    }

    /// <summary>What fills the holes for one version of a member.</summary>
    public string[] Fill(long member, long version) =>
    [
        District.Key(member), Roll.Union(member).Value, Roll.Employer(member).Value,
        Hash(member, 1), Hash(member, 2), Hash(member, version + 3), Hash(member, -version),
        Noise.Substring((int)(Mix((ulong)member, (ulong)version) % (ulong)(Noise.Length - sealedLength)), sealedLength),
    ];

    /// <summary>A wrapped key, another one for each member.</summary>
    public byte[] Wrapped(long member)
    {
        var key = wrapped.AsSpan().ToArray();
        for (var i = 0; i + 8 <= key.Length; i += 8) BitConverter.TryWriteBytes(key.AsSpan(i), Mix((ulong)member, (ulong)i));
        return key;
    }

    private string Hash(long member, long what)
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, Mix((ulong)member, unchecked((ulong)what)));
        BitConverter.TryWriteBytes(bytes[8..], Mix(unchecked((ulong)what), (ulong)member + 1));
        return $"{searchKey}.{System.Buffers.Text.Base64Url.EncodeToString(bytes)}";
    }

    // SplitMix64: cheap, and without any order.
    private static ulong Mix(ulong a, ulong b)
    {
        var z = unchecked((a * 0x9E3779B97F4A7C15) + (b * 0xD1B54A32D192ED03) + 0x2545F4914F6CDD1D);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return z ^ (z >> 31);
    }

    /// <summary>Marks what is sealed and hashed, and remembers how long the sealed text would be.</summary>
    private sealed class Outline : ISeal
    {
        private const int NonceAndTag = 28;

        public int Length { get; private set; }

        public string Close(ReadOnlySpan<byte> plain)
        {
            Length = (plain.Length + NonceAndTag + 2) / 3 * 4;
            return Template.Mark(Hole.Sealed);
        }

        public byte[] Open(string closed) => throw new NotSupportedException();

        public string Hash(string kind, string canonical) => Template.Mark(kind switch
        {
            Member.DocumentHash => Hole.DocumentHash,
            Member.NameHash => Hole.NameHash,
            Member.MobileHash => Hole.MobileHash,
            _ => Hole.ContentHash,
        });

        public string Hash(string kind, ReadOnlySpan<byte> canonical) => Hash(kind, "");
    }
}

/// <summary>A text with holes.</summary>
internal sealed class Template
{
    private readonly ImmutableArray<(string Text, Hole? Then)> parts;

    private Template(ImmutableArray<(string, Hole?)> parts) => this.parts = parts;

    /// <summary>What stands for a hole in the sample.</summary>
    public static string Mark(Hole hole) => hole switch
    {
        Hole.Member => Roll.Id(Mould.Sample).Value,
        Hole.Union => Roll.Union(Mould.Sample).Value,
        Hole.Employer => Roll.Employer(Mould.Sample).Value,
        _ => $"({hole})",
    };

    public static Template Of(string sample)
    {
        var pieces = ImmutableArray.CreateBuilder<(string, Hole?)>();
        for (var from = 0; ;)
        {
            var next = Enum.GetValues<Hole>().Select(hole => (Hole: hole, At: sample.IndexOf(Mark(hole), from, StringComparison.Ordinal))).Where(found => found.At >= 0)
                .OrderBy(found => found.At).Select(found => ((Hole, int)?)(found.Hole, found.At)).FirstOrDefault();
            if (next is not var (hole, at))
            {
                pieces.Add((sample[from..], null));
                return new(pieces.ToImmutable());
            }

            pieces.Add((sample[from..at], hole));
            from = at + Mark(hole).Length;
        }
    }

    public string Fill(string[] values)
    {
        switch (parts)
        {
            case [(var text, null)]:
                return text;
            case [("", { } whole), ("", null)]:
                return values[(int)whole];
        }

        var length = 0;
        foreach (var (text, hole) in parts) length += text.Length + (hole is { } filled ? values[(int)filled].Length : 0);
        return string.Create(length, (Parts: parts, Values: values), static (target, source) =>
        {
            foreach (var (text, hole) in source.Parts)
            {
                text.CopyTo(target);
                target = target[text.Length..];
                if (hole is not { } filled) continue;
                source.Values[(int)filled].CopyTo(target);
                target = target[source.Values[(int)filled].Length..];
            }
        });
    }
}

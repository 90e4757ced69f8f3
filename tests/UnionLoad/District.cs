using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Unions;
using UnionGrains.Kernel;

namespace UnionLoad;

/// <summary>A district with twenty subdistricts and as many employers as a run needs, each the same whenever it is asked for.</summary>
internal static class District
{
    public const int Subdistricts = 20;

    public const string Area = "110108";

    /// <summary>The employees every employer is registered with.</summary>
    public const int Registered = 25;

    private const string CreditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

    public static readonly UnionId Root = new("110108000");

    private static readonly DateTimeOffset FirstKey = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly string[] Federations = [.. Enumerable.Range(1, Subdistricts).Select(n => string.Create(CultureInfo.InvariantCulture, $"110108{n:000}"))];

    public static Operator Operator { get; } = new("desk-1", Root, Role.District);

    /// <summary>The operator as the journal keeps it.</summary>
    public static string OperatorText { get; } = $"{Operator.Role}:{Operator.Id}@{Operator.Union}";

    public static DateOnly Today => BusinessCalendar.Today(TimeProvider.System);

    /// <summary>The employer as a room knows it.</summary>
    public static EmployerId Id(long employer) => new(Key(employer));

    public static string Federation(long employer) => Federations[employer % Subdistricts];

    /// <summary>The employer's key: a UUIDv7 as an application would give it, rising with the number.</summary>
    public static string Key(long employer)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, (FirstKey.ToUnixTimeMilliseconds() + employer) << 16);
        // Any fixed mixture does, as long as it looks like the random part of an identifier.
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], unchecked((ulong)employer * 0x9E3779B97F4A7C15));
        bytes[6] = 0x70;
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    /// <summary>A credit code with right check characters (GB 32100-2015).</summary>
    public static string Code(long employer)
    {
        Span<char> code = stackalloc char[18];
        "91110108".CopyTo(code);
        employer.TryFormat(code[8..], out _, "00000000", CultureInfo.InvariantCulture);
        ReadOnlySpan<int> weights = [3, 7, 9, 10, 5, 8, 4, 2];
        var organisation = 0;
        for (var i = 0; i < weights.Length; i++) organisation += (code[8 + i] - '0') * weights[i];
        code[16] = "0X987654321"[organisation % 11];
        var (sum, weight) = (0, 1);
        foreach (var character in code[..17])
        {
            sum += CreditAlphabet.IndexOf(character) * weight;
            weight = weight * 3 % 31;
        }

        code[17] = CreditAlphabet[(31 - (sum % 31)) % 31];
        return new(code);
    }

    public static string Name(long employer) => string.Create(CultureInfo.InvariantCulture, $"示例第{employer:00000000}制造厂");

    public static EmployerCommand.Register Register(long employer) =>
        new(Code(employer), Name(employer), EmployerKind.Private, "C", Area, new(Federation(employer)), Registered);

    /// <summary>The n-th visit goes all over the employers, each as often as any other: real desks do not work through the register in order.</summary>
    public static long Scattered(long n, int employers) => n * 7_919 % employers; // A prime: no count below it shares a factor with it.

    /// <summary>The federations, and what others may know of them.</summary>
    public static (ImmutableArray<Append> Appends, Knowledge Knowledge) Federate()
    {
        var (appends, views) = (ImmutableArray.CreateBuilder<Append>(1 + Subdistricts), ImmutableDictionary.CreateBuilder<StreamId, object>());
        SetUp(Root, new("示例区总工会", UnionLevel.District, UnionKind.Federation));
        foreach (var federation in Federations) SetUp(new(federation), new($"示例街道{federation}总工会", UnionLevel.Subdistrict, UnionKind.Federation, Root));
        return (appends.ToImmutable(), new(views.ToImmutable()));

        void SetUp(UnionId id, UnionCommand.SetUpFederation command)
        {
            var (append, state) = Decide<Union, UnionState, UnionCommand, UnionEvent, UnionView>(id.Stream, command, new(views.ToImmutable()));
            appends.Add(append);
            views.Add(id.Stream, Union.View(state));
        }
    }

    /// <summary>An employer with what others may know of it.</summary>
    public static (Append Append, EmployerView View) Unit(long employer, Knowledge knowledge)
    {
        var (append, state) = Decide<Employer, EmployerState, EmployerCommand, EmployerEvent, EmployerView>(Id(employer).Stream, Register(employer), knowledge);
        return (append, Employer.View(state));
    }

    /// <summary>What the house would store for a command: for a stream that begins when there is no state before.</summary>
    public static (Append Append, TState State) Decide<TDecider, TState, TCommand, TEvent, TView>(StreamId self, TCommand command, Knowledge knowledge, TState? before = null, WrappedKey? key = null)
        where TDecider : IAggregate<TState, TCommand, TEvent, TView>
        where TState : class
        where TCommand : class
        where TEvent : class
        where TView : class
    {
        var (state, at) = (before ?? TDecider.Initial, TimeProvider.System.GetUtcNow());
        at = at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond));
        var occasion = new Occasion { Self = self, BusinessOn = Today, Today = Today, At = at, Operator = Operator, Knowledge = knowledge };
        var decision = Judge.Decide<TDecider, TState, TCommand, TEvent>(state, command, occasion);
        if (decision.Refusal is { } refusal) throw new InvalidOperationException($"The sample was refused: {refusal.Code}.");
        var (after, consequences) = Room<TDecider, TState, TCommand, TEvent, TView>.Instance.Apply(state, decision.Events);
        return (new()
        {
            Stream = self.ToString(),
            ExpectedVersion = 0,
            Token = new(),
            CommandId = Guid.CreateVersion7(),
            CommandHash = 0,
            Operator = OperatorText,
            BusinessOn = Today,
            RecordedAt = at,
            Consequences = consequences,
            Key = key,
        }, after);
    }
}

using System.Collections.Immutable;
using UnionDomain.CardBatches;
using UnionDomain.Kernel;

namespace UnionClient.CardBatches;

/// <summary>How far the work is.</summary>
/// <param name="Lines">Lines done so far.</param>
/// <param name="Of">Lines to be done; it grows when lines become void on the way, because their members are told so.</param>
public readonly record struct CardWorkProgress(long Lines, long Of);

/// <summary>A line of a batch that somebody must look at.</summary>
/// <param name="Line">The line of the batch.</param>
/// <param name="Rule">What the member answered, or what the file cannot hold.</param>
public sealed record CardLineFinding(int Line, Refusal Rule);

/// <summary>What was done at one batch by one call.</summary>
public sealed record CardWorkSummary
{
    /// <summary>The most findings told.</summary>
    public const int MostFindings = 1_000;

    /// <summary>The batch after it.</summary>
    public required CardBatchView Batch { get; init; }

    /// <summary>Lines whose members were asked or told; a line that became void on the way counts once more when its member was told so.</summary>
    public int Asked { get; init; }

    /// <summary>Lines that the batch was told their members let go to the bank.</summary>
    public int Cleared { get; init; }

    /// <summary>Lines that became void.</summary>
    public int Voided { get; init; }

    /// <summary>Lines whose members know: what the bank made of it, or that the line is void.</summary>
    public int Told { get; init; }

    /// <summary>Lines that stay on the list, because of how they were asked or of what the bank answered (<see cref="CardAnswer.Wait"/>).</summary>
    public int Waiting { get; init; }

    /// <summary>Why lines wait or became void, or cannot stand in the file; in the order of the lines, at most <see cref="MostFindings"/>.</summary>
    public ImmutableArray<CardLineFinding> Findings { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Why the batch refused what it was told, for example that it was not exported; null when it did not. What it was told before stands.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>Whether nothing was refused and no line waits.</summary>
    public bool IsDone => Refusal is null && Waiting == 0;
}

/// <summary>What became of a bank's reply.</summary>
public sealed record BankReplySummary
{
    /// <summary>What is wrong with the file; then nothing of it was taken. A line is one of the file.</summary>
    public ImmutableArray<BankFileFinding> Findings { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Why the batch refused the reply as a whole; its arguments name the lines of the batch. Null when it took it, or had taken it before.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>How many lines the bank produced a card for.</summary>
    public int Produced { get; init; }

    /// <summary>How many it rejected.</summary>
    public int Rejected { get; init; }

    /// <summary>How the members were told; null when the reply was not taken.</summary>
    public CardWorkSummary? Work { get; init; }

    /// <summary>Whether the reply is taken.</summary>
    public bool IsTaken => Work is not null;
}

/// <summary>What became of a file of notices.</summary>
public sealed record BankNoticesSummary
{
    /// <summary>What is wrong with the file; then nothing of it was taken.</summary>
    public ImmutableArray<BankFileFinding> Findings { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>How many were recorded.</summary>
    public int Recorded { get; init; }

    /// <summary>How many changed nothing, for example because they were recorded before.</summary>
    public int Unchanged { get; init; }

    /// <summary>Lines whose number nobody in the subtree holds now, because it was replaced for example: <c>bank-file.card-unknown</c> among <see cref="Refused"/>.</summary>
    public int Unknown { get; init; }

    /// <summary>The lines of the file that changed nothing because a rule said no, in their order; nobody was harmed by them, and the others were taken.</summary>
    public ImmutableArray<BankFileFinding> Refused { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Why nothing could be searched for; null when everything could.</summary>
    public Refusal? Refusal { get; init; }
}

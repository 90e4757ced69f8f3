namespace UnionDomain.Kernel;

/// <summary>A key that at most one stream of the whole federation may hold.</summary>
/// <param name="Kind">What the key is, for example <c>employer-code</c>.</param>
/// <param name="Key">The key itself; personal numbers only as keyed hashes.</param>
public readonly record struct ClaimKey(string Kind, string Key);

/// <summary>An event takes a key or gives it back.</summary>
/// <param name="Key">The key.</param>
/// <param name="IfHeld">The refusal when another stream holds it (its <c>{holder}</c> is filled with that stream); null gives the key back.</param>
public readonly record struct ClaimChange(ClaimKey Key, Refusal? IfHeld)
{
    /// <summary>Takes the key; refused as told when another stream holds it.</summary>
    public static ClaimChange Take(ClaimKey key, Refusal ifHeld) => new(key, ifHeld);

    /// <summary>Gives the key back.</summary>
    public static ClaimChange Release(ClaimKey key) => new(key, null);
}

/// <summary>A command that must follow in another aggregate. It is committed with the event that causes it, and delivered afterwards, in order, exactly once.</summary>
/// <param name="Target">The aggregate that shall receive it.</param>
/// <param name="Command">A command of that aggregate's room.</param>
public sealed record Effect(StreamId Target, object Command);

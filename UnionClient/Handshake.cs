namespace UnionClient;

/// <summary>The first question of every connection: Orleans itself compares the ids of clusters only, not those of installations.</summary>
[Alias("union.handshake")]
public interface IHandshakeGrain : IGrainWithIntegerKey
{
    /// <summary>Who answers. Costs no database.</summary>
    [Alias("greet")]
    Task<Greeting> Greet();
}

/// <summary>Who answers a client.</summary>
/// <param name="ClusterId">The cluster.</param>
/// <param name="ServiceId">The installation.</param>
[GenerateSerializer, Immutable, Alias("union.greeting")]
public sealed record Greeting([property: Id(0)] string ClusterId, [property: Id(1)] string ServiceId);

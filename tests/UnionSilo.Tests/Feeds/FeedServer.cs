namespace UnionSilo.Tests.Feeds;

/// <summary>A server of their own for the specs of the feed: an open transaction in any database of a server holds back what is told in all of them.</summary>
public sealed class FeedServer : SharedPostgres;

/// <summary>The specs that share it run one after the other.</summary>
[CollectionDefinition(nameof(FeedServer))]
public sealed class FeedServerUsers : ICollectionFixture<FeedServer>;

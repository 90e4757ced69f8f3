using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace UnionDomain.Kernel;

/// <summary>Marks what an event keeps of a person: sealed values, masks and keyed hashes. None of it is told in the feed.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PersonalAttribute : Attribute;

/// <summary>How events are told outside: as they are stored, without anything that is <see cref="PersonalAttribute"/>.</summary>
public static class ToldJson
{
    /// <summary>The settings of <see cref="UnionJson.Options"/>; personal properties are left out.</summary>
    public static readonly JsonSerializerOptions Options = new(UnionJson.Options)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutPersonal } },
    };

    private static void LeaveOutPersonal(JsonTypeInfo type)
    {
        for (var i = type.Properties.Count - 1; i >= 0; i--)
            if (type.Properties[i].AttributeProvider?.IsDefined(typeof(PersonalAttribute), inherit: true) == true) type.Properties.RemoveAt(i);
    }
}

/// <summary>Why the feed is not read on.</summary>
public static class FeedRules
{
    /// <summary>Nobody is named who reads.</summary>
    public static readonly Refusal OperatorMissing = new("feed.operator-missing", "Nobody is named who reads the feed.", "须指明读取事件流的操作人。");

    /// <summary>
    /// The database was restored since the token was given. What happened after its backup is lost and may have been told. The argument <c>resume</c> is a token with which to
    /// go on: nothing that the database holds is then missed or told twice.
    /// </summary>
    public static readonly Refusal EpochEnded = new("feed.epoch-ended",
        "Epoch {ended} of the feed has ended: the database was restored. Epoch {epoch} began at {began}; go on with the token {resume}.",
        "事件流第{ended}纪元已结束：数据库曾被恢复。第{epoch}纪元始于{began}，请用续读标记{resume}继续。");

    /// <summary>The token is of an epoch that this database never had: of another database, or of a restored one that was given up for an older backup.</summary>
    public static readonly Refusal TokenForeign = new("feed.token-foreign", "The token is of an epoch that this database never had; read from the start, or go on with an older token.", "续读标记所属纪元不属于本数据库，请从头读取或使用更早的标记。");

    /// <summary>The token is ahead of everything that ever happened in this database: it was put back by hand, and no new epoch was begun.</summary>
    public static readonly Refusal TokenAhead = new("feed.token-ahead",
        "The token is ahead of the journal: the database was put back and no new epoch was begun. Its operator runs `union-silo db new-epoch`.", "续读标记超前于日志：数据库曾被回退而未开始新纪元，须由运维执行 union-silo db new-epoch。");

    /// <summary>A text that is no token.</summary>
    public static readonly Refusal TokenUnreadable = new("feed.token-unreadable", "That is no token of the feed.", "不是有效的续读标记。");
}

using UnionClient.CardBatches;
using UnionClient.Employers;
using UnionClient.Feed;
using UnionClient.Imports;
using UnionClient.Members;
using UnionClient.Unions;
using UnionDomain.CardBatches;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionDomain.Unions;

namespace UnionClient;

/// <summary>The federation as an application sees it: one property per room. Safe for use by many callers at once.</summary>
public interface IUnionClient
{
    /// <summary>Unions (工会组织): the tree, establishment, moves, mergers, splits, closing.</summary>
    RoomClient<UnionId, UnionCommand, UnionView, UnionQuery, UnionLine> Unions { get; }

    /// <summary>Employing units (单位) and their coverage.</summary>
    RoomClient<EmployerId, EmployerCommand, EmployerView, EmployerQuery, EmployerLine> Employers { get; }

    /// <summary>Members (会员): admission, the roll and its sheets, transfers, leaving. Personal fields are masked unless a purpose is told.</summary>
    RoomClient<MemberId, MemberCommand, MemberView, MemberQuery, MemberLine> Members { get; }

    /// <summary>Recorded looks at members' personal fields.</summary>
    ListClient<MemberLookQuery, MemberLookLine> MemberLooks { get; }

    /// <summary>Members' cards (京卡) and the applications for them.</summary>
    ListClient<CardQuery, CardLine> Cards { get; }

    /// <summary>Batches of cards for the bank (制卡批次).</summary>
    RoomClient<CardBatchId, CardBatchCommand, CardBatchView, CardBatchQuery, CardBatchLine> CardBatches { get; }

    /// <summary>Who stands on the lines of a batch.</summary>
    ListClient<CardBatchLineQuery, CardBatchMemberLine> CardBatchLines { get; }

    /// <summary>The work between batches, their members and the bank's files.</summary>
    CardWorkClient CardWork { get; }

    /// <summary>Files of the official templates.</summary>
    ImportClient Imports { get; }

    /// <summary>Figures for any scope and period.</summary>
    ReportClient Reports { get; }

    /// <summary>Everything that was committed, event by event.</summary>
    FeedClient Feed { get; }
}

/// <summary>The client over any connection to a cluster.</summary>
internal sealed class UnionFacade : IUnionClient
{
    public UnionFacade(IGrainFactory grains, UnionClientOptions options, TimeProvider clock, UnionConnection? connection)
    {
        var calls = new Calls(options, clock, connection);
        var unions = new GrainAddress<IUnionGrain>(grains);
        var employers = new GrainAddress<IEmployerGrain>(grains);
        var members = new GrainAddress<IMemberGrain>(grains);
        var batches = new GrainAddress<ICardBatchGrain>(grains);
        Unions = new(Union.Kind, calls, options, id => unions.Of(id.Stream), () => grains.GetGrain<IUnionListGrain>(0), n => grains.GetGrain<IUnionBulkGrain>(n));
        Employers = new(Employer.Kind, calls, options, id => employers.Of(id.Stream), () => grains.GetGrain<IEmployerListGrain>(0), n => grains.GetGrain<IEmployerBulkGrain>(n));
        Members = new(Member.Kind, calls, options, id => members.Of(id.Stream), () => grains.GetGrain<IMemberListGrain>(0), n => grains.GetGrain<IMemberBulkGrain>(n),
            new(command => command is MemberCommand.Enter, n => grains.GetGrain<IMemberBulkGrain>(n), clock));
        MemberLooks = new(calls, options, () => grains.GetGrain<IMemberLookListGrain>(0));
        Cards = new(calls, options, () => grains.GetGrain<ICardListGrain>(0));
        CardBatches = new(CardBatch.Kind, calls, options, id => batches.Of(id.Stream), () => grains.GetGrain<ICardBatchListGrain>(0), n => grains.GetGrain<ICardBatchBulkGrain>(n));
        CardBatchLines = new(calls, options, () => grains.GetGrain<ICardBatchLineListGrain>(0));
        CardWork = new(this, options);
        Imports = new(calls, options, () => grains.GetGrain<IImportGrain>(0));
        Reports = new(calls, () => grains.GetGrain<IFigureGrain>(0));
        Feed = new(calls, options, () => grains.GetGrain<IFeedGrain>(0), clock);
    }

    public RoomClient<UnionId, UnionCommand, UnionView, UnionQuery, UnionLine> Unions { get; }

    public RoomClient<EmployerId, EmployerCommand, EmployerView, EmployerQuery, EmployerLine> Employers { get; }

    public RoomClient<MemberId, MemberCommand, MemberView, MemberQuery, MemberLine> Members { get; }

    public ListClient<MemberLookQuery, MemberLookLine> MemberLooks { get; }

    public ListClient<CardQuery, CardLine> Cards { get; }

    public RoomClient<CardBatchId, CardBatchCommand, CardBatchView, CardBatchQuery, CardBatchLine> CardBatches { get; }

    public ListClient<CardBatchLineQuery, CardBatchMemberLine> CardBatchLines { get; }

    public CardWorkClient CardWork { get; }

    public ImportClient Imports { get; }

    public ReportClient Reports { get; }

    public FeedClient Feed { get; }
}

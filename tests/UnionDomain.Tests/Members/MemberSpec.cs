global using MemberSpec = UnionDomain.Tests.Specs.Spec<
    UnionDomain.Members.Member, UnionDomain.Members.MemberState, UnionDomain.Members.MemberCommand, UnionDomain.Members.MemberEvent, UnionDomain.Members.MemberView>;
using System.Security.Cryptography;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionDomain.Tests.Specs;
using UnionDomain.Tests.Unions;
using UnionDomain.Unions;
using static UnionDomain.Tests.Specs.Calendar;

namespace UnionDomain.Tests.Members;

/// <summary>The people the specs speak of. Numbers are of births 1901–1912, and nobody's; the subject is <see cref="Subject"/>.</summary>
public static class MemberExamples
{
    public static readonly MemberId Subject = new("01460000000070008000000000000001");
    public static readonly MemberId Second = new("01460000000070008000000000000002");

    public static readonly UnionId Home = new("U-500");
    public static readonly UnionId Away = new("U-600");
    public static readonly EmployerId Unit = new("E-1");
    public static readonly EmployerId OtherUnit = new("E-2");

    public const string Number = "110108190101010008";
    public const string OtherNumber = "110108191202290015";

    /// <summary>An officer of the member's union, and of the other one; a committee of each.</summary>
    public static readonly Operator HomeOfficer = new("op-21", Home, Role.Officer, Rights.Backdate);
    public static readonly Operator HomeCommittee = new("op-22", Home, Role.Committee, Rights.Backdate);
    public static readonly Operator AwayOfficer = new("op-23", Away, Role.Officer, Rights.Backdate);

    private static readonly StreamSeal Seal = new(Subject.Stream, RandomNumberGenerator.GetBytes(StreamSeal.KeyBytes), new("t", RandomNumberGenerator.GetBytes(StreamSeal.KeyBytes)));

    /// <summary>A sheet without fault.</summary>
    public static MemberForm Form { get; } = new()
    {
        EmployerCode = "91350100M000100Y43",
        Name = "示例人",
        DocumentType = "1",
        DocumentNumber = Number,
        DocumentValidUntil = "长期",
        Sex = "2",
        BornOn = "1901-01-01",
        Nation = "汉",
        Politics = "群众",
        Education = "2",
        Skill = "0",
        Employment = "1",
        Household = "1",
        Residence = "110108",
        Mobile = "10000000001",
        JoinedOn = "2014-05-12",
        Migrant = "0",
        CardConsent = "1",
    };

    /// <summary>The record of a sheet, under keys of the spec's own.</summary>
    public static MemberRecord Record(MemberForm? form = null, DateOnly? on = null) => (form ?? Form).Examine(on ?? Today).Seal(Seal);

    public static Workplace At(EmployerId unit) => new(unit);

    /// <summary>Applied at home on 20 May.</summary>
    public static MemberEvent.Applied Applied { get; } = new(Subject, Home, At(Unit), Record(), Operators.Applicant.Id, Day(5, 20));

    /// <summary>On the roll at home since 20 May.</summary>
    public static MemberEvent.Entered Entered { get; } = new(Subject, Home, At(Unit), Record(), Day(5, 12), true, Day(5, 20));

    /// <summary>A transfer offered to the other union on 1 June; 30 days later is 1 July.</summary>
    public static MemberEvent.TransferOffered Offered { get; } = new(Away, null, Day(7, 1), HomeOfficer.Id, Day(6, 1));

    extension(Member)
    {
        /// <summary>What happened to the subject so far; two primary unions and two units stand around.</summary>
        public static MemberSpec Given(params ReadOnlySpan<MemberEvent> events) => new MemberSpec(Subject.Stream, HomeOfficer)
            .WithFederations().WithUnits(40, 20)
            .And(Home, UnionExamples.Active(UnionExamples.Applied(Home)))
            .And(Away, UnionExamples.Active(UnionExamples.Applied(Away, UnionKind.Joint)))
            .And(Room<Member, MemberState, MemberCommand, MemberEvent, MemberView>.Instance, Subject.Stream, events);
    }
}

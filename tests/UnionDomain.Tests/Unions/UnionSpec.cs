global using UnionSpec = UnionDomain.Tests.Specs.Spec<
    UnionDomain.Unions.Union, UnionDomain.Unions.UnionState, UnionDomain.Unions.UnionCommand, UnionDomain.Unions.UnionEvent, UnionDomain.Unions.UnionView>;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Tests.Specs;
using UnionDomain.Unions;
using static UnionDomain.Tests.Specs.Calendar;

namespace UnionDomain.Tests.Unions;

/// <summary>The unions the specs speak of. The subject is <see cref="Subject"/>; the others stand around it.</summary>
public static class UnionExamples
{
    public static readonly UnionId Subject = new("U-100");
    public static readonly UnionId City = new("U-1");
    public static readonly UnionId DistrictFederation = new("U-2");
    public static readonly UnionId SubdistrictFederation = new("U-3");
    public static readonly UnionId OtherSubdistrict = new("U-4");
    public static readonly UnionId Other = new("U-200");
    public static readonly EmployerId Unit = new("E-1");
    public static readonly EmployerId SecondUnit = new("E-2");

    /// <summary>A federation active since 1 January.</summary>
    public static UnionEvent SetUp(UnionId id, UnionLevel level, UnionId? upper = null, UnionKind kind = UnionKind.Federation) =>
        new UnionEvent.FederationSetUp(id, $"Federation {id}", level, kind, upper, 5, Day(1, 1));

    /// <summary>An application of 3 March, by the account of <see cref="Operators.Applicant"/>.</summary>
    public static UnionEvent.Applied Applied(
        UnionId? id = null, UnionKind kind = UnionKind.Independent, UnionLevel level = UnionLevel.Primary, UnionId? upper = null, UnionLevel upperLevel = UnionLevel.Subdistrict,
        EmployerId[]? units = null, int employees = 40, int members = 30, int termYears = 3, UnionId? splitFrom = null) =>
        new(id ?? Subject, "Union One", level, kind, upper ?? SubdistrictFederation, upperLevel, [.. units ?? [Unit]], employees, members, termYears, splitFrom, Operators.Applicant.Id, Day(3, 3));

    /// <summary>The steps from the application to the named one, one a week from 3 March on.</summary>
    public static UnionEvent[] Upto<TStep>(UnionEvent.Applied? applied = null)
        where TStep : UnionEvent
    {
        applied ??= Applied();
        UnionEvent[] all =
        [
            applied, new UnionEvent.Verified(applied.Employees, applied.Members, Day(3, 10)), new UnionEvent.Approved(Day(3, 17)), new UnionEvent.ElectionHeld(applied.Members, applied.Members, 5, Day(3, 24)),
            new UnionEvent.ResultApproved(Day(3, 31)), new UnionEvent.Completed(Day(4, 7)),
        ];
        return [.. all.TakeWhile(step => step is not TStep), all.First(step => step is TStep)];
    }

    /// <summary>A union established on 7 April.</summary>
    public static UnionEvent[] Active(UnionEvent.Applied? applied = null) => Upto<UnionEvent.Completed>(applied);

    /// <summary>A unit registered on 1 January.</summary>
    public static EmployerEvent Registered(EmployerId id, int headcount) => new EmployerEvent.Registered(
        id, $"CODE-{id}", $"Unit {id}", EmployerKind.Private, "C", "110108", SubdistrictFederation, headcount, null, null, Day(1, 1));

    extension(Union)
    {
        /// <summary>What happened to the subject so far; below city, district and two subdistricts.</summary>
        public static UnionSpec Given(params ReadOnlySpan<UnionEvent> events) =>
            new UnionSpec(Subject.Stream, Operators.District).WithFederations().And(Room<Union, UnionState, UnionCommand, UnionEvent, UnionView>.Instance, Subject.Stream, events);
    }

    extension<TDecider, TState, TCommand, TEvent, TView>(Spec<TDecider, TState, TCommand, TEvent, TView> spec)
        where TDecider : IAggregate<TState, TCommand, TEvent, TView>
        where TCommand : class
        where TEvent : class
        where TView : class
    {
        public Spec<TDecider, TState, TCommand, TEvent, TView> And(UnionId union, params ReadOnlySpan<UnionEvent> events) =>
            spec.And(Room<Union, UnionState, UnionCommand, UnionEvent, UnionView>.Instance, union.Stream, events);

        public Spec<TDecider, TState, TCommand, TEvent, TView> And(EmployerId employer, params ReadOnlySpan<EmployerEvent> events) =>
            spec.And(Room<Employer, EmployerState, EmployerCommand, EmployerEvent, EmployerView>.Instance, employer.Stream, events);

        public Spec<TDecider, TState, TCommand, TEvent, TView> WithFederations() => spec
            .And(City, SetUp(City, UnionLevel.Municipal))
            .And(DistrictFederation, SetUp(DistrictFederation, UnionLevel.District, City))
            .And(SubdistrictFederation, SetUp(SubdistrictFederation, UnionLevel.Subdistrict, DistrictFederation))
            .And(OtherSubdistrict, SetUp(OtherSubdistrict, UnionLevel.Subdistrict, DistrictFederation));

        public Spec<TDecider, TState, TCommand, TEvent, TView> WithUnits(params ReadOnlySpan<int> headcounts)
        {
            var all = spec;
            for (var i = 0; i < headcounts.Length; i++) all = all.And(new EmployerId($"E-{i + 1}"), Registered(new($"E-{i + 1}"), headcounts[i]));
            return all;
        }
    }
}

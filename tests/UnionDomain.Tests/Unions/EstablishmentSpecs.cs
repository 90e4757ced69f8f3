using UnionDomain.Kernel;
using UnionDomain.Tests.Specs;
using UnionDomain.Unions;
using static UnionDomain.Tests.Specs.Calendar;
using static UnionDomain.Tests.Unions.UnionExamples;
using static UnionDomain.Unions.UnionCommand;

namespace UnionDomain.Tests.Unions;

[Trait("F", "2")]
public sealed class EstablishmentSpecs
{
    private static readonly Operator OfTheUnionItself = Operators.Subdistrict with { Union = Subject };
    private static readonly Operator TheApplicantAgain = Operators.Subdistrict with { Id = Operators.Applicant.Id };

    public static TheoryData<UnionCommand> Steps => [new Verify(40, 30), new Approve(), new Return(), new Reject(), new HoldElection(30, 20, 5), new ApproveResult(), new Complete()];

    [Theory, MemberData(nameof(Steps))]
    public Task No_step_happens_before_the_application(UnionCommand step) => Union.Given().When(step).By(Operators.Subdistrict).ThenRefused(UnionRules.Unknown);

    [Theory, MemberData(nameof(Steps))]
    public Task No_step_is_an_auditors(UnionCommand step) => Union.Given(Applied()).When(step).By(Operators.Auditor).ThenRefused(UnionRules.RoleNotAllowed.With("role", "Audit"));

    [Fact]
    public Task The_subdistrict_verifies_what_was_applied_for() => Union.Given(Applied())
        .When(new Verify(39, 29)).By(Operators.Subdistrict)
        .Then(new UnionEvent.Verified(39, 29, Today));

    [Fact]
    public Task The_district_does_not_verify_for_a_subdistrict() => Union.Given(Applied()).When(new Verify(40, 30)).By(Operators.District).ThenRefused(UnionRules.RoleNotAllowed);

    [Fact]
    public Task The_district_verifies_what_stands_directly_under_it() => Union.Given(Applied(upper: DistrictFederation, upperLevel: UnionLevel.District))
        .When(new Verify(40, 30)).By(Operators.District)
        .Then(new UnionEvent.Verified(40, 30, Today));

    [Fact]
    public Task The_primary_unions_committee_verifies_its_branch() => Union.Given(Applied(level: UnionLevel.Branch, upper: Other, upperLevel: UnionLevel.Primary, units: []))
        .When(new Verify(40, 30)).By(Operators.Committee)
        .Then(new UnionEvent.Verified(40, 30, Today));

    [Fact]
    public Task A_committee_does_not_verify_a_primary_union() => Union.Given(Applied()).When(new Verify(40, 30)).By(Operators.Committee).ThenRefused(UnionRules.RoleNotAllowed);

    [Fact]
    public Task Nobody_verifies_their_own_application() => Union.Given(Applied()).When(new Verify(40, 30)).By(TheApplicantAgain).ThenRefused(UnionRules.OwnSubmission);

    [Fact]
    public Task Nobody_verifies_for_the_applying_union() => Union.Given(Applied()).When(new Verify(40, 30)).By(OfTheUnionItself).ThenRefused(UnionRules.OwnSubmission);

    [Fact]
    public Task The_same_verification_again_changes_nothing() => Union.Given(Upto<UnionEvent.Verified>()).When(new Verify(40, 30)).By(Operators.Subdistrict).ThenNothing();

    [Fact]
    public Task Other_numbers_are_not_verified_afterwards() => Union.Given(Upto<UnionEvent.Verified>()).When(new Verify(40, 31)).By(Operators.Subdistrict).ThenRefused(UnionRules.VerifiedOtherwise);

    [Fact]
    public Task Ten_employees_found_suffice() => Union.Given(Applied()).When(new Verify(10, 10)).By(Operators.Subdistrict).Then(new UnionEvent.Verified(10, 10, Today));

    [Fact]
    public Task Nine_employees_found_do_not() => Union.Given(Applied())
        .When(new Verify(9, 9)).By(Operators.Subdistrict)
        .ThenRefused(UnionRules.HeadcountTooLow.With("headcount", 9).With("fewest", 10));

    [Fact]
    public Task Nine_employees_found_suffice_for_a_joint_union() => Union.Given(Applied(kind: UnionKind.Joint, units: [Unit, SecondUnit]))
        .When(new Verify(9, 9)).By(Operators.Subdistrict)
        .Then(new UnionEvent.Verified(9, 9, Today));

    [Fact]
    public Task More_members_than_employees_are_not_found() => Union.Given(Applied()).When(new Verify(40, 41)).By(Operators.Subdistrict).ThenRefused(UnionRules.MembersExceedEmployees);

    [Fact]
    public Task No_employees_at_all_are_not_found() => Union.Given(Applied())
        .When(new Verify(0, 0)).By(Operators.Subdistrict)
        .ThenRefused(NumberRules.OutOfRange.With("field", "employees").With("value", 0).With("fewest", 1).With("most", 9_999_999));

    [Fact]
    public Task No_members_at_all_are_not_found() => Union.Given(Applied())
        .When(new Verify(40, 0)).By(Operators.Subdistrict)
        .ThenRefused(NumberRules.OutOfRange.With("field", "members").With("value", 0).With("fewest", 1).With("most", 9_999_999));

    [Fact]
    public Task A_step_may_fall_on_the_day_of_the_former() => Union.Given(Applied()).When(new Verify(40, 30)).By(Operators.Subdistrict).On(Day(3, 3)).Then(new UnionEvent.Verified(40, 30, Day(3, 3)));

    [Fact]
    public Task A_step_is_not_dated_before_the_former() => Union.Given(Applied())
        .When(new Verify(40, 30)).By(Operators.Subdistrict).On(Day(3, 2))
        .ThenRefused(OccasionRules.BeforeFormer.With("date", "2014-03-02").With("former", "2014-03-03"));

    [Fact]
    public Task The_upper_union_approves() => Union.Given(Upto<UnionEvent.Verified>()).When(new Approve()).Then(new UnionEvent.Approved(Today));

    [Fact]
    public Task Approval_needs_verification() => Union.Given(Applied()).When(new Approve()).ThenRefused(UnionRules.StepOutOfOrder.With("status", "Submitted"));

    [Fact]
    public Task Nobody_approves_their_own_application() => Union.Given(Upto<UnionEvent.Verified>()).When(new Approve()).By(TheApplicantAgain).ThenRefused(UnionRules.OwnSubmission);

    [Fact]
    public Task Nobody_approves_for_the_applying_union() => Union.Given(Upto<UnionEvent.Verified>()).When(new Approve()).By(OfTheUnionItself).ThenRefused(UnionRules.OwnSubmission);

    [Fact]
    public Task A_committee_does_not_approve_a_primary_union() => Union.Given(Upto<UnionEvent.Verified>()).When(new Approve()).By(Operators.Committee).ThenRefused(UnionRules.RoleNotAllowed);

    [Fact]
    public Task A_committee_approves_its_branch() => Union.Given(Upto<UnionEvent.Verified>(Applied(level: UnionLevel.Branch, upper: Other, upperLevel: UnionLevel.Primary, units: [])))
        .When(new Approve()).By(Operators.Committee)
        .Then(new UnionEvent.Approved(Today));

    [Fact]
    public Task Approval_again_changes_nothing() => Union.Given(Upto<UnionEvent.ElectionHeld>()).When(new Approve()).ThenNothing();

    [Fact]
    public Task An_application_is_returned_with_a_reason() => Union.Given(Upto<UnionEvent.Verified>()).When(new Return()).Because("members unclear").Then(new UnionEvent.Returned(Today));

    [Fact]
    public Task An_application_is_returned_before_it_is_verified() => Union.Given(Applied()).When(new Return()).Because("members unclear").Then(new UnionEvent.Returned(Today));

    [Theory]
    [InlineData(null)]
    [InlineData("  ")]
    public Task An_application_is_not_returned_without_a_reason(string? reason) => Union.Given(Applied()).When(new Return()).Because(reason!).ThenRefused(OccasionRules.ReasonMissing);

    [Fact]
    public Task A_return_again_changes_nothing() => Union.Given(Applied(), new UnionEvent.Returned(Day(3, 4))).When(new Return()).Because("members unclear").ThenNothing();

    [Fact]
    public Task An_approved_application_is_not_returned() => Union.Given(Upto<UnionEvent.Approved>())
        .When(new Return()).Because("too late")
        .ThenRefused(UnionRules.StepOutOfOrder.With("status", "Approved"));

    [Fact]
    public Task An_application_is_rejected_with_a_reason() => Union.Given(Upto<UnionEvent.Verified>()).When(new Reject()).Because("no such unit").Then(new UnionEvent.Rejected(Today));

    [Fact]
    public Task An_application_is_not_rejected_without_a_reason() => Union.Given(Applied()).When(new Reject()).ThenRefused(OccasionRules.ReasonMissing);

    [Fact]
    public Task A_rejection_again_changes_nothing() => Union.Given(Applied(), new UnionEvent.Rejected(Day(3, 4))).When(new Reject()).Because("no such unit").ThenNothing();

    [Fact]
    public Task Nobody_rejects_their_own_application() => Union.Given(Applied()).When(new Reject()).By(TheApplicantAgain).Because("changed my mind").ThenRefused(UnionRules.OwnSubmission);

    [Fact]
    public Task A_returned_application_is_verified_only_after_it_was_submitted_again() => Union.Given(Applied(), new UnionEvent.Returned(Day(3, 4)))
        .When(new Verify(40, 30)).By(Operators.Subdistrict)
        .ThenRefused(UnionRules.StepOutOfOrder.With("status", "Returned"));

    [Fact]
    public Task A_resubmitted_application_is_verified_anew() => Union.Given([.. Upto<UnionEvent.Verified>(), new UnionEvent.Returned(Day(3, 11)), Applied(members: 31) with { On = Day(3, 12) }])
        .When(new Verify(40, 31)).By(Operators.Subdistrict)
        .Then(new UnionEvent.Verified(40, 31, Today));

    [Fact]
    public Task The_result_is_approved_after_the_election() => Union.Given(Upto<UnionEvent.ElectionHeld>()).When(new ApproveResult()).Then(new UnionEvent.ResultApproved(Today));

    [Fact]
    public Task The_result_is_not_approved_before_the_election() => Union.Given(Upto<UnionEvent.Approved>()).When(new ApproveResult()).ThenRefused(UnionRules.StepOutOfOrder.With("status", "Approved"));

    [Fact]
    public Task Nobody_approves_the_result_of_their_own_union() => Union.Given(Upto<UnionEvent.ElectionHeld>()).When(new ApproveResult()).By(OfTheUnionItself).ThenRefused(UnionRules.OwnSubmission);

    [Fact]
    public Task The_result_approved_again_changes_nothing() => Union.Given(Active()).When(new ApproveResult()).ThenNothing();

    [Fact, Trait("F", "5")]
    public Task The_establishment_is_completed() => Union.Given(Upto<UnionEvent.ResultApproved>()).When(new Complete()).Then(new UnionEvent.Completed(Today));

    [Fact, Trait("F", "5")]
    public Task The_establishment_is_not_completed_before_the_result_is_approved() => Union.Given(Upto<UnionEvent.ElectionHeld>())
        .When(new Complete())
        .ThenRefused(UnionRules.StepOutOfOrder.With("status", "ElectionHeld"));

    [Fact]
    public Task Nobody_completes_their_own_establishment() => Union.Given(Upto<UnionEvent.ResultApproved>()).When(new Complete()).By(TheApplicantAgain).ThenRefused(UnionRules.OwnSubmission);

    [Fact, Trait("F", "5")]
    public Task Completed_again_changes_nothing() => Union.Given(Active()).When(new Complete()).ThenNothing();

    [Fact]
    public Task The_election_follows_the_approval() => Union.Given(Upto<UnionEvent.Approved>())
        .When(new HoldElection(30, 30, 5)).By(Operators.Officer)
        .Then(new UnionEvent.ElectionHeld(30, 30, 5, Today));

    [Fact]
    public Task There_is_no_election_before_the_approval() => Union.Given(Upto<UnionEvent.Verified>())
        .When(new HoldElection(30, 30, 5)).By(Operators.Officer)
        .ThenRefused(UnionRules.StepOutOfOrder.With("status", "Verified"));

    [Fact]
    public Task A_district_does_not_hold_the_election() => Union.Given(Upto<UnionEvent.Approved>()).When(new HoldElection(30, 30, 5)).By(Operators.District).ThenRefused(UnionRules.RoleNotAllowed);

    [Fact]
    public Task The_same_election_again_changes_nothing() => Union.Given(Upto<UnionEvent.ElectionHeld>()).When(new HoldElection(30, 30, 5)).By(Operators.Officer).ThenNothing();

    [Fact]
    public Task Another_election_is_refused() => Union.Given(Upto<UnionEvent.ElectionHeld>()).When(new HoldElection(30, 29, 5)).By(Operators.Officer).ThenRefused(UnionRules.ElectedOtherwise);

    [Fact, Trait("F", "9")]
    public Task Twenty_of_thirty_are_two_thirds() => Union.Given(Upto<UnionEvent.Approved>())
        .When(new HoldElection(30, 20, 5)).By(Operators.Officer)
        .Then(new UnionEvent.ElectionHeld(30, 20, 5, Today));

    [Fact, Trait("F", "9")]
    public Task Nineteen_of_thirty_are_not() => Union.Given(Upto<UnionEvent.Approved>())
        .When(new HoldElection(30, 19, 5)).By(Operators.Officer)
        .ThenRefused(UnionRules.QuorumMissed.With("present", 19).With("due", 30).With("needed", 20));

    [Fact, Trait("F", "9")]
    public Task Twenty_of_thirty_one_are_not_either() => Union.Given(Upto<UnionEvent.Approved>())
        .When(new HoldElection(31, 20, 5)).By(Operators.Officer)
        .ThenRefused(UnionRules.QuorumMissed.With("present", 20).With("due", 31).With("needed", 21));

    [Fact]
    public Task No_more_are_present_than_due() => Union.Given(Upto<UnionEvent.Approved>())
        .When(new HoldElection(30, 31, 5)).By(Operators.Officer)
        .ThenRefused(UnionRules.PresentExceedDue.With("present", 31).With("due", 30));

    [Theory]
    [InlineData(0, 0, 5)]
    [InlineData(10_000_000, 0, 5)]
    [InlineData(30, -1, 5)]
    [InlineData(30, 30, 0)]
    public Task Numbers_of_an_election_are_sound(int due, int present, int elected) => Union.Given(Upto<UnionEvent.Approved>())
        .When(new HoldElection(due, present, elected)).By(Operators.Officer)
        .ThenRefused(NumberRules.OutOfRange);

    [Theory, Trait("F", "9")]
    [InlineData(25, 3)]
    [InlineData(25, 7)]
    [InlineData(200, 7)]
    [InlineData(201, 7)]
    [InlineData(201, 15)]
    [InlineData(24, 5)]
    [InlineData(24, 1)]
    public Task A_usual_committee_raises_no_warning(int members, int elected) => Union.Given(Upto<UnionEvent.Approved>(Applied(employees: 500, members: members)))
        .When(new HoldElection(members, members, elected)).By(Operators.Officer)
        .Then(new UnionEvent.ElectionHeld(members, members, elected, Today));

    [Theory, Trait("F", "9")]
    [InlineData(25, 2)]
    [InlineData(25, 8)]
    [InlineData(25, 1)]
    [InlineData(200, 8)]
    [InlineData(201, 6)]
    [InlineData(201, 16)]
    [InlineData(24, 6)]
    [InlineData(24, 2)]
    public Task An_unusual_committee_raises_a_warning_and_stops_nothing(int members, int elected) => Union.Given(Upto<UnionEvent.Approved>(Applied(employees: 500, members: members)))
        .When(new HoldElection(members, members, elected)).By(Operators.Officer)
        .ThenWarned(UnionRules.CommitteeSizeUnusual, new UnionEvent.ElectionHeld(members, members, elected, Today));
}

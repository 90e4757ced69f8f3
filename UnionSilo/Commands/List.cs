using System.CommandLine;
using System.Globalization;
using UnionClient;
using UnionDomain.CardBatches;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionDomain.Unions;

namespace UnionSilo.Commands;

/// <summary><c>union-silo list unions|employers|members|cards|card-batches</c>: what is recorded, personal values masked.</summary>
internal static class List
{
    private const int PageSize = 500;

    public static Command Command()
    {
        var command = new Command("list", "Lists what is recorded in the subtree of a federation. Personal values are masked.");
        command.Add(Unions());
        command.Add(Employers());
        command.Add(Members());
        command.Add(Cards());
        command.Add(CardBatches());
        return command;
    }

    private static Command Unions()
    {
        var command = new Command("unions", "Unions (工会组织).");
        var (parent, level, kind, status) = (Union(command, "--parent", "Directly under this union."), Of<UnionLevel>(command, "--level"), Of<UnionKind>(command, "--kind"), Of<UnionStatus>(command, "--status"));
        var (prefix, from, to) = (Text(command, "--name", "The name begins so."), ClientOptions.Date(command, "--established-from", "Established on this day or later"), ClientOptions.Date(command, "--established-to", "Established on this day or earlier"));
        return Make<UnionQuery, UnionLine>(
            command,
            client => (asked, after, most, by, cancel) => client.Unions.Page(asked, after, most, by, cancel: cancel),
            (parsed, scope) => new()
            {
                Within = scope.Within,
                AsOf = scope.AsOf,
                Parent = parsed.GetValue(parent) is { } upper ? new(upper) : null,
                Level = parsed.GetValue(level),
                Kind = parsed.GetValue(kind),
                Status = parsed.GetValue(status),
                NamePrefix = parsed.GetValue(prefix),
                EstablishedFrom = ClientOptions.DateOf(parsed.GetValue(from)),
                EstablishedTo = ClientOptions.DateOf(parsed.GetValue(to)),
            },
            [("工会编号", line => line.Id), ("工会名称", line => line.Name), ("层级", line => line.Level), ("类型", line => line.Kind), ("状态", line => line.Status), ("上级工会编号", line => line.Parent), ("职工人数", line => line.Employees), ("会员人数", line => line.Members), ("成立日期", line => line.EstablishedOn), ("撤销日期", line => line.ClosedOn)]);
    }

    private static Command Employers()
    {
        var command = new Command("employers", "Employing units (单位) and what covers them.");
        var (code, prefix, status) = (Text(command, "--code", "With this code."), Text(command, "--name", "The name begins so."), Of<EmployerStatus>(command, "--status"));
        var (coveredBy, kind) = (Union(command, "--covered-by", "Covered by this union."), Of<CoverageKind>(command, "--coverage"));
        var (uncovered, open) = (Flag(command, "--uncovered", "Only units that nothing covers."), Flag(command, "--not-closed", "Only units that are not closed."));
        var (from, to) = (Number(command, "--headcount-from", "At least so many employees."), Number(command, "--headcount-to", "At most so many employees."));
        return Make<EmployerQuery, EmployerLine>(
            command,
            client => (asked, after, most, by, cancel) => client.Employers.Page(asked, after, most, by, cancel: cancel),
            (parsed, scope) => new()
            {
                Within = scope.Within,
                AsOf = scope.AsOf,
                Code = parsed.GetValue(code),
                NamePrefix = parsed.GetValue(prefix),
                Status = parsed.GetValue(status),
                CoveredBy = parsed.GetValue(coveredBy) is { } union ? new(union) : null,
                CoverageKind = parsed.GetValue(kind),
                Uncovered = parsed.GetValue(uncovered),
                NotClosed = parsed.GetValue(open),
                HeadcountFrom = parsed.GetValue(from),
                HeadcountTo = parsed.GetValue(to),
            },
            [("单位代码", line => line.Code), ("单位名称", line => line.Name), ("单位性质", line => line.Kind), ("行业门类", line => line.Industry), ("注册地", line => line.Area), ("职工人数", line => line.Headcount), ("上报会员", line => line.MembersReported), ("状态", line => line.Status), ("工会编号", line => line.Coverage?.Union), ("建会方式", line => line.Coverage?.Kind), ("所属工会", line => line.Federation)]);
    }

    private static Command Members()
    {
        var command = new Command("members", "Members (会员), masked.");
        var (union, employer) = (Union(command, "--union", "At this union."), Text(command, "--employer", "Of the unit with this surrogate key."));
        var (status, qualified, offeredTo) = (Of<MemberStatus>(command, "--status"), new Option<bool?>("--qualified") { Description = "true: whose record is qualified; false: whose record is not." }, Union(command, "--offered-to", "With an open transfer to this union."));
        command.Add(qualified);
        var on = ClientOptions.Date(command, "--on", "The date on which status and qualification hold; today unless given");
        return Make<MemberQuery, MemberLine>(
            command,
            client => (asked, after, most, by, cancel) => client.Members.Page(asked, after, most, by, cancel: cancel),
            (parsed, scope) => new()
            {
                On = ClientOptions.DateOf(parsed.GetValue(on)) ?? scope.Today,
                Within = scope.Within,
                AsOf = scope.AsOf,
                Union = parsed.GetValue(union) is { } own ? new(own) : null,
                Employer = parsed.GetValue(employer) is { } unit ? new(unit) : null,
                Status = parsed.GetValue(status),
                Qualified = parsed.GetValue(qualified),
                OfferedTo = parsed.GetValue(offeredTo) is { } target ? new(target) : null,
            },
            [("会员", line => line.Id), ("工会编号", line => line.Union), ("单位", line => line.Employer), ("姓名", line => line.NameMask), ("证件号码", line => line.DocumentMask), ("手机号", line => line.MobileMask), ("性别", line => line.Sex), ("出生年", line => line.BirthYear), ("状态", line => line.Status), ("待完善", line => line.Findings), ("入会日期", line => line.JoinedOn)]);
    }

    private static Command Cards()
    {
        var command = new Command("cards", "Members' cards (京卡) and applications, masked.");
        var (employer, order, status) = (Text(command, "--employer", "Of members of the unit with this surrogate key."), Of<CardOrderStatus>(command, "--order"), Of<CardStatus>(command, "--status"));
        var (batch, benefits) = (Text(command, "--batch", "With a line of this batch."), ClientOptions.Date(command, "--benefits-on", "With a card that brings benefits on this date"));
        return Make<CardQuery, CardLine>(
            command,
            client => (asked, after, most, by, cancel) => client.Cards.Page(asked, after, most, by, cancel: cancel),
            (parsed, scope) => new()
            {
                Within = scope.Within,
                AsOf = scope.AsOf,
                Employer = parsed.GetValue(employer) is { } unit ? new(unit) : null,
                Order = parsed.GetValue(order),
                Status = parsed.GetValue(status),
                Batch = parsed.GetValue(batch) is { } number ? new(number) : null,
                BenefitsOn = ClientOptions.DateOf(parsed.GetValue(benefits)),
            },
            [("会员", line => line.Member), ("工会编号", line => line.Union), ("单位", line => line.Employer), ("会员状态", line => line.Standing), ("申请", line => line.Order), ("卡状态", line => line.Status), ("批次", line => line.Line?.Batch), ("行号", line => line.Line?.Line), ("结果", line => line.Result), ("卡号", line => line.NumberMask), ("制成日期", line => line.ProducedOn)]);
    }

    private static Command CardBatches()
    {
        var command = new Command("card-batches", "Batches of cards for the bank (制卡批次).");
        var (status, former) = (Of<CardBatchStatus>(command, "--status"), Text(command, "--former", "That repeat this batch."));
        return Make<CardBatchQuery, CardBatchLine>(
            command,
            client => (asked, after, most, by, cancel) => client.CardBatches.Page(asked, after, most, by, cancel: cancel),
            (parsed, scope) => new() { Within = scope.Within, AsOf = scope.AsOf, Status = parsed.GetValue(status), Former = parsed.GetValue(former) is { } batch ? new(batch) : null },
            [("批次", line => line.Id), ("工会编号", line => line.Union), ("状态", line => line.Status), ("行数", line => line.Lines), ("作废", line => line.Void), ("制成", line => line.Produced), ("退回", line => line.Rejected), ("未通知", line => line.Untold), ("送交日期", line => line.SentOn), ("回复日期", line => line.RepliedOn)]);
    }

    private static Command Make<TQuery, TLine>(
        Command command,
        Func<IUnionClient, Func<TQuery, string?, int, Operator?, CancellationToken, Task<Page<TLine>>>> pages,
        Func<ParseResult, (UnionId Within, DateOnly? AsOf, DateOnly Today), TQuery> query,
        IReadOnlyList<(string Title, Func<TLine, object?> Value)> columns)
        where TQuery : IQuery<TLine>
        where TLine : class, ILine<TLine>
    {
        var within = Union(command, "--within", "In the subtree of this union; of the federation unless given.");
        var asOf = ClientOptions.Date(command, "--as-of", "The date of the tree; the newest tree unless given");
        var most = Number(command, "--most", "At most so many lines.");
        var csv = Text(command, "--csv", "Write the lines to this new file as CSV (UTF-8 with BOM).");
        var json = Text(command, "--json", "Write the lines to this new file as JSON.");
        command.Validators.Add(result =>
        {
            if (result.GetValue(csv) is not null && result.GetValue(json) is not null) result.AddError("Either --csv or --json.");
            if (result.GetValue(most) < 1) result.AddError("--most is at least 1.");
        });
        var union = new ClientOptions(Role.District, "Number of the federation that asks.");
        union.AddTo(command);
        command.SetAction((parsed, cancel) => union.Use(parsed, async client =>
        {
            var (by, left, count) = (union.Operator(parsed), parsed.GetValue(most) ?? int.MaxValue, 0L);
            var asked = query(parsed, (parsed.GetValue(within) is { } scope ? new(scope) : by.Union, ClientOptions.DateOf(parsed.GetValue(asOf)), BusinessCalendar.Today(TimeProvider.System)));
            var titles = columns.Select(column => column.Title).ToList();
            await using var lines = Lines.To(parsed.GetValue(csv), parsed.GetValue(json), parsed.InvocationConfiguration, titles);
            string? next = null;
            do
            {
                var page = await pages(client)(asked, next, Math.Min(left, PageSize), by, cancel);
                if (page.Refusal is { } refusal)
                {
                    await parsed.InvocationConfiguration.Error.WriteLineAsync($"{refusal.EnglishText()} {refusal.ChineseText()}");
                    return ExitCode.Findings;
                }

                foreach (var line in page.Lines) await lines.Add(line, columns.Select(column => Cell(column.Value(line))));
                (next, left, count) = (page.Next, left - page.Lines.Count, count + page.Lines.Count);
            }
            while (next is not null && left > 0);
            await lines.Complete();
            await parsed.InvocationConfiguration.Error.WriteLineAsync(FormattableString.Invariant($"{count} lines."));
            return ExitCode.Ok;
        }, cancel));
        return command;
    }

    private static string Cell(object? value) => value switch
    {
        null => "",
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static Option<string?> Text(Command command, string name, string description) => Added(command, new Option<string?>(name) { Description = description });

    private static Option<int?> Number(Command command, string name, string description) => Added(command, new Option<int?>(name) { Description = description });

    private static Option<bool> Flag(Command command, string name, string description) => Added(command, new Option<bool>(name) { Description = description });

    private static Option<TEnum?> Of<TEnum>(Command command, string name)
        where TEnum : struct, Enum =>
        Added(command, new Option<TEnum?>(name) { Description = $"One of {string.Join(", ", Enum.GetNames<TEnum>())}." });

    private static Option<string?> Union(Command command, string name, string description)
    {
        var option = Text(command, name, description);
        ClientOptions.MustBeUnion(command, option);
        return option;
    }

    private static TOption Added<TOption>(Command command, TOption option)
        where TOption : Option
    {
        command.Add(option);
        return option;
    }
}

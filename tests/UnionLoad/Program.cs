using System.CommandLine;
using UnionLoad;

var store = new Option<string>("--store") { Description = "The database.", DefaultValueFactory = _ => "postgres" };
store.AcceptOnlyFromAmong("postgres", "sqlite");
var room = new Option<string>("--room") { Description = "Who is measured: members, whose personal fields are sealed, or employers.", DefaultValueFactory = _ => "members" };
room.AcceptOnlyFromAmong("members", "employers");
var connection = new Option<string?>("--connection")
{
    Description = "postgres: connection string of a server on which databases may be created. sqlite: a folder. Without it a temporary server or folder is used.",
};
var json = new Option<FileInfo?>("--json") { Description = "Writes the rows to this file." };
var cases = new Option<string>("--cases") { Description = "What is measured, separated by commas: warm, light, first, cold, hot, bulk.", DefaultValueFactory = _ => "warm,light,first,cold,hot,bulk" };
var systems = new Option<string?>("--systems") { Description = "What is compared: union, stock (PostgreSQL only), limit. All unless given." };
var seconds = new Option<int>("--seconds") { Description = "Measured time of one run, 1-3,600.", DefaultValueFactory = _ => 8 };
var warmUp = new Option<int>("--warm-up") { Description = "Seconds before the measured time of a run, until everything is compiled for speed, 0-600.", DefaultValueFactory = _ => 15 };
var runs = new Option<int>("--runs") { Description = "Runs of each system, 1-99; the median counts.", DefaultValueFactory = _ => 3 };
var inFlight = new Option<int>("--in-flight", "--clients") { Description = "Commands under way at once against the union, 1-20,000.", DefaultValueFactory = _ => 2_000 };
var stockInFlight = new Option<int>("--stock-in-flight") { Description = "Commands under way at once against the stock grain, 1-20,000.", DefaultValueFactory = _ => 1_000 };
var actors = new Option<int>("--actors") { Description = "Actors that the warm case changes in turn, 1-1,000,000.", DefaultValueFactory = _ => 10_000 };
Range(seconds, 1, 3_600);
Range(warmUp, 0, 600);
Range(runs, 1, 99);
Range(inFlight, 1, 20_000);
Range(stockInFlight, 1, 20_000);
Range(actors, 1, 1_000_000);
Among(cases, Enum.GetNames<Case>());
Among(systems, Enum.GetNames<Contender>());

var commands = new Command("commands", "Warm, first, cold and hot commands, and bulks of first ones, interleaved with what users would write without the house.")
{
    store, room, connection, json, cases, systems, seconds, warmUp, runs, inFlight, stockInFlight, actors,
};
commands.Validators.Add(result =>
{
    if (result.GetValue(store) is "sqlite" && result.GetValue(systems) is { } named && Names.Read<Contender>(named).Contains(Contender.Stock))
        result.AddError("The stock grain is measured on PostgreSQL only.");
});
commands.SetAction((given, cancel) => new Comparison(new()
{
    Store = Enum.Parse<Store>(given.GetRequiredValue(store), ignoreCase: true),
    Room = Enum.Parse<Room>(given.GetRequiredValue(room), ignoreCase: true),
    Connection = given.GetValue(connection),
    Json = given.GetValue(json),
    Cases = Names.Read<Case>(given.GetRequiredValue(cases)),
    Contenders = given.GetValue(systems) is { } named ? Names.Read<Contender>(named)
        : given.GetRequiredValue(store) is "sqlite" ? [Contender.Union, Contender.Limit] : [.. Enum.GetValues<Contender>()],
    Seconds = given.GetValue(seconds),
    WarmUpSeconds = given.GetValue(warmUp),
    Runs = given.GetValue(runs),
    InFlight = given.GetValue(inFlight),
    StockInFlight = given.GetValue(stockInFlight),
    Actors = given.GetValue(actors),
}).Run(cancel));

var people = new Option<int>("--people") { Description = "People who shall have a card, 100-9,000,000.", DefaultValueFactory = _ => 100_000 };
var limit = new Option<int>("--limit") { Description = "Lines of one batch, 100-100,000.", DefaultValueFactory = _ => 100_000 };
Range(people, 100, 9_000_000);
Range(limit, 100, 100_000);
var cards = new Command("cards", "Gets cards for many people, from the sheet to the bank's notices, and measures every step once.") { store, connection, json, people, limit };
cards.SetAction((given, cancel) => new CardYear(
    Enum.Parse<Store>(given.GetRequiredValue(store), ignoreCase: true), given.GetValue(connection), given.GetValue(people), given.GetValue(limit), given.GetValue(json)).Run(cancel));

// Every run has a process of its own: its memory, its compiled code and its processor time belong to it alone.
var request = new Argument<string>("request");
var run = new Command(Child.Verb) { request };
run.Hidden = true;
run.SetAction((given, cancel) => Child.Run(given.GetRequiredValue(request), cancel));

var parsed = new RootCommand("Measures the house against what its users would write without it.") { commands, cards, run }.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors) Console.Error.WriteLine(error.Message);
    Console.Error.WriteLine("See --help.");
    return 2;
}

return await parsed.InvokeAsync(new() { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });

static void Range(Option<int> option, int least, int most) => option.Validators.Add(result =>
{
    if (result.Tokens.Count == 1 && (!int.TryParse(result.Tokens[0].Value, out var value) || value < least || value > most))
        result.AddError(FormattableString.Invariant($"{option.Name} is a whole number from {least} to {most}."));
});

static void Among(Option option, string[] names) => option.Validators.Add(result =>
{
    foreach (var name in result.Tokens.SelectMany(token => token.Value.Split(',')))
        if (!names.Contains(name, StringComparer.OrdinalIgnoreCase)) result.AddError($"{option.Name} does not know '{name}': {string.Join(", ", names).ToLowerInvariant()}.");
});

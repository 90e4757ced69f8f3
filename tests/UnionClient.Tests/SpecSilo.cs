using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using UnionClient.Tests;
using UnionDomain;
using UnionDomain.CardBatches;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionDomain.Tests.Specs;
using UnionDomain.Unions;
using UnionGrains.Kernel;
using UnionTesting;
using UnionTestKit;

[assembly: AssemblyFixture(typeof(SpecSilo))]

namespace UnionDomain.Tests.Specs
{
    /// <summary>Runs the specs on a silo: from the client through Orleans, grain and journal into a SQLite file, and back.</summary>
    public static class SpecHost
    {
        public static async Task Run(Func<ISpecHost, Task> spec) =>
            await ((SpecSilo)(await TestContext.Current.GetFixture(typeof(SpecSilo)))!).Run(spec);
    }
}

namespace UnionClient.Tests
{
    /// <summary>One silo for all specs. They speak of the same few streams, so each finds an empty house, and they run one after the other.</summary>
    public sealed class SpecSilo : IAsyncDisposable
    {
        private readonly SemaphoreSlim turn = new(1);
        private readonly TemporaryFolder folder = new();
        private RunningUnion? union;

        /// <summary>The SQLite file.</summary>
        public string File => folder.File("specs.db");

        private static CancellationToken Cancel => TestContext.Current.CancellationToken;

        public async Task Run(Func<ISpecHost, Task> spec)
        {
            await turn.WaitAsync(Cancel);
            try
            {
                union ??= await RunningUnion.Embedded(File, configure: builder => builder.Services.AddKeyedSingleton<TimeProvider>(
                    AggregateKernel.ClockKey, new TestClock(Calendar.Today)));
                await union.Rest(Cancel);
                await Clear();
                await spec(new OnSilo(union));
            }
            finally
            {
                turn.Release();
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (union is not null) await union.DisposeAsync();
            SqliteConnection.ClearAllPools();
            folder.Dispose();
            turn.Dispose();
        }

        /// <summary>Empties every table that a command writes. No activation is left that could remember.</summary>
        private async Task Clear()
        {
            await using var connection = new SqliteConnection($"Data Source={File}");
            await connection.OpenAsync(Cancel);
            await using var command = connection.CreateCommand();
            string[] tables = ["journal", "claim", "person_key", "outbox", "effect_seen", "fact", "fact_line", .. Rooms.All.SelectMany(room => room.ReadModels).Select(model => model.Table)];
            command.CommandText = $"BEGIN IMMEDIATE; {string.Concat(tables.Distinct().Select(table => $"DELETE FROM {table}; "))} COMMIT";
            await command.ExecuteNonQueryAsync(Cancel);
        }

        private sealed class OnSilo(RunningUnion union) : ISpecHost
        {
            public async Task Given<TDecider, TState, TCommand, TEvent, TView>(StreamId stream, DateOnly on, ImmutableArray<TEvent> events)
                where TDecider : IAggregate<TState, TCommand, TEvent, TView>
                where TCommand : class
                where TEvent : class
                where TView : class
            {
                var room = Room<TDecider, TState, TCommand, TEvent, TView>.Instance;
                var past = await union.Stored(stream.ToString(), Cancel);
                var (_, consequences) = room.Apply(past.Select(entry => room.EventCodec.Read(entry.Event)).Aggregate(TDecider.Initial, TDecider.Evolve), events);
                Assert.True(union.Journal.TryReserve());
                var outcome = await union.Journal.Append(new Append
                {
                    Stream = stream.ToString(),
                    ExpectedVersion = past.Count,
                    Token = new(),
                    CommandId = Guid.CreateVersion7(),
                    CommandHash = 0,
                    Operator = "District:op-0@U-desk",
                    BusinessOn = on,
                    RecordedAt = BusinessCalendar.StartOf(on),
                    Consequences = consequences,
                });
                Assert.Equal(AppendOutcome.Done, outcome);
            }

            public async Task<Happened> When<TDecider, TState, TCommand, TEvent, TView>(StreamId stream, TCommand command, Operator by, DateOnly on, string? reason, string? documentRef, Guid? id = null, long? expectedVersion = null)
                where TDecider : IAggregate<TState, TCommand, TEvent, TView>
                where TCommand : class
                where TEvent : class
                where TView : class
            {
                var before = await union.Stored(stream.ToString(), Cancel);
                var with = new CommandOptions { Operator = by, BusinessOn = on, Reason = reason, DocumentRef = documentRef, CommandId = id, ExpectedVersion = expectedVersion };
                var (version, refusal, warnings) = command switch
                {
                    UnionCommand asked => Told(await union.Client.Unions.Send(new(stream.Key), asked, with, Cancel)),
                    EmployerCommand asked => Told(await union.Client.Employers.Send(new(stream.Key), asked, with, Cancel)),
                    CardBatchCommand asked => Told(await union.Client.CardBatches.Send(new(stream.Key), asked, with, Cancel)),
                    MemberCommand asked => Told(await union.Client.Members.Send(new(stream.Key), asked, with, Cancel)),
                    _ => throw new NotSupportedException($"The client has no room for {typeof(TCommand)}."),
                };
                var after = await union.Stored(stream.ToString(), Cancel);
                Assert.Equal(after.Count, version);
                return new(refusal, warnings, [.. after.Skip(before.Count).Select(entry => entry.Event)]);
            }

            private static (long Version, Refusal? Refusal, ImmutableArray<Refusal> Warnings) Told<TView>(Reply<TView> reply) => (reply.Version, reply.Refusal, [.. reply.Warnings]);
        }
    }
}

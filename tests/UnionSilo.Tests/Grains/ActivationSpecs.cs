using System.Data.Common;
using System.Text;
using Microsoft.Data.Sqlite;
using Npgsql;
using UnionDomain.Employers;
using UnionTesting;

namespace UnionSilo.Tests.Grains;

/// <summary>What an activation knows: what was committed elsewhere, and what a snapshot saved it from reading.</summary>
public sealed class ActivationSpecs(SharedPostgres postgres) : SiloSpecs(postgres)
{
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task An_activation_that_is_behind_answers_nothing_and_the_next_one_has_read_it(string store)
    {
        var silo = await Start(store);
        await AppendOutside(silo, 200);
        Assert.Equal(1, (await Grain(silo).Get()).Version);
        silo.Active.Raise(Stream, 2);
        Assert.Equal("behind", (await Fault(Grain(silo).Get())).Code);
        var read = await silo.Client.Employers.Get(Unit, cancel: Cancel);
        Assert.Equal((2, 200), (read.Version, read.View.Headcount));
        Assert.Equal(3, Accepted(await silo.Client.Send(Unit, new EmployerCommand.ReportHeadcount(300), cancel: Cancel)).Version);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_command_that_waits_notices_that_its_activation_fell_behind(string store)
    {
        var silo = await Start(store);
        var gate = Hold(silo, commit => commit.Apply());
        var accepted = Grain(silo).Send(Report(200));
        await gate.Reached;
        var refused = Grain(silo).Send(Command(new EmployerCommand.EndCoverage(new("U-9"))));
        await Grain(silo).Get();
        silo.Active.Raise(Stream, 3);
        gate.Open();
        // The accepted one is durable whatever came behind it; the refused one must be decided on what it has not seen.
        Assert.Equal(2, Accepted(await accepted).Version);
        Assert.Equal("behind", (await Fault(refused)).Code);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_is_committed_while_an_activation_reads_is_read_too(string store)
    {
        var silo = await Start(store);
        await silo.Rest(Cancel);
        var once = 0;
        silo.Store.OnRead = async requests =>
        {
            if (requests.All(request => request.Stream != Stream) || Interlocked.Exchange(ref once, 1) == 1) return;
            await AppendOutside(silo, 200);
            silo.Active.Raise(Stream, 2);
        };
        var read = await Grain(silo).Get();
        Assert.Equal((2, 200), (read.Version, read.View.Headcount));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task The_activation_that_lost_its_stream_decides_again_on_the_truth(string store)
    {
        var silo = await Start(store);
        await AppendOutside(silo, 200);
        var envelopes = Enumerable.Range(0, 20).Select(n => Report(300 + n)).ToList();
        // All are decided before the first is known to be lost: who came later would meet the next activation.
        var gate = Hold(silo, commit => commit.Apply());
        List<Task> sends = [Grain(silo).Send(envelopes[0])];
        await gate.Reached;
        sends.AddRange(envelopes.Skip(1).Select(envelope => Grain(silo).Send(envelope)));
        await Grain(silo).Get();
        gate.Open();
        foreach (var send in sends) Assert.Equal("fenced", (await Fault(send)).Code);
        Assert.Equal(2, (await silo.Stored(Stream, Cancel)).Count);
        await Task.WhenAll(envelopes.Select(envelope => silo.Client.Send(Unit, envelope.Command, envelope.CommandId, Cancel)));
        Assert.Equal(22, (await silo.Stored(Stream, Cancel)).Count);
        Assert.Empty(await Verify());
    }

    [Fact]
    public async Task Two_silos_that_both_hold_a_stream_never_write_over_each_other()
    {
        // Two clusters on one database, as after a partition: each believes itself alone.
        var (one, other) = (await Start("postgres"), await Start("postgres", cluster: "other"));
        var sends = Enumerable.Range(0, 200).Select(n => (Silo: n % 2 == 0 ? one : other, Id: Guid.CreateVersion7(), Asked: new EmployerCommand.ReportHeadcount(1_000 + n))).ToList();
        await Parallel.ForEachAsync(sends, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancel }, async (send, cancel) =>
            Accepted(await send.Silo.Client.Send(Unit, send.Asked, send.Id, cancel)));
        await Sound(one, Stream, sends.Select(send => send.Id));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_long_stream_is_read_from_its_snapshot_and_without_it_from_the_journal(string store)
    {
        var silo = await Start(store);
        var ids = Enumerable.Range(0, 1_400).Select(_ => Guid.CreateVersion7()).ToList();
        await Task.WhenAll(ids.Select((id, n) => silo.Client.Send(Unit, new EmployerCommand.ReportHeadcount(1_000 + n), id, Cancel)));
        Assert.Equal(200 + 1, await RowsToActivate()); // one of them shows that the snapshot is of this past

        // Ids that the snapshot left out are looked for in the journal; a new one is not.
        var looks = silo.Store.Looks;
        Assert.Equal(1_401, Accepted(await silo.Client.Send(Unit, new EmployerCommand.ReportHeadcount(1_250), ids[250], Cancel)).Version);
        Assert.Equal(looks + 1, silo.Store.Looks);
        Assert.Equal("command.id-reused", (await silo.Client.Send(Unit, new EmployerCommand.ReportHeadcount(77), ids[251], Cancel)).Refusal?.Code);
        Assert.Equal(looks + 2, silo.Store.Looks);
        Assert.Equal(1_402, Accepted(await silo.Client.Send(Unit, new EmployerCommand.ReportHeadcount(78), cancel: Cancel)).Version);
        Assert.Equal(looks + 2, silo.Store.Looks);
        Assert.Equal(202, await RowsToActivate());

        // A snapshot that is missing, of another shape or damaged costs time and is replaced.
        await Change(_ => null);
        Assert.Equal(1_402, await RowsToActivate());
        Assert.Equal(201, await RowsToActivate());
        await Change(snapshot => snapshot.Replace("\"schema\":1", "\"schema\":0", StringComparison.Ordinal));
        Assert.Equal(1_402, await RowsToActivate());
        Assert.Equal(201, await RowsToActivate());
        await Change(snapshot => snapshot[..(snapshot.Length / 2)]);
        Assert.Equal(1_402, await RowsToActivate());
        Assert.Equal(201, await RowsToActivate());
        // One of a future that was lost shows nothing of it: its newest command is not the journal's, or the journal is shorter.
        await Change(snapshot => Foreign(snapshot, "\"version\":1402", "\"version\":1401"));
        Assert.Equal(1_403, await RowsToActivate());
        Assert.Equal(201, await RowsToActivate());
        await Change(snapshot => Foreign(snapshot, "\"version\":1402", "\"version\":1500"));
        Assert.Equal(1_402, await RowsToActivate());
        Assert.Equal(201, await RowsToActivate());
        Assert.Equal((1_402, 78), (await silo.Client.Employers.Get(Unit, cancel: Cancel)) is var read ? (read.Version, read.View.Headcount) : default);

        static string Foreign(string snapshot, string was, string becomes)
        {
            Assert.Contains(was, snapshot, StringComparison.Ordinal);
            return snapshot.Replace(was, becomes, StringComparison.Ordinal);
        }

        async Task<long> RowsToActivate()
        {
            await silo.Rest(Cancel);
            var before = silo.Store.RowsRead;
            var version = (await silo.Client.Employers.Get(Unit, cancel: Cancel)).Version;
            Assert.Equal((await silo.Stored(Stream, Cancel)).Count, version);
            return silo.Store.RowsRead - before;
        }

        async Task Change(Func<string, string?> change)
        {
            await silo.Rest(Cancel);
            await using DbConnection snapshots = store == "postgres" ? new NpgsqlConnection(ConnectionString) : new SqliteConnection($"Data Source={File}.snapshots");
            await snapshots.OpenAsync(Cancel);
            await using var command = snapshots.CreateCommand();
            command.CommandText = "SELECT PayloadBinary FROM OrleansStorage";
            var snapshot = change(Encoding.UTF8.GetString((byte[])(await command.ExecuteScalarAsync(Cancel))!));
            command.CommandText = snapshot is null ? "DELETE FROM OrleansStorage" : "UPDATE OrleansStorage SET PayloadBinary = @payload";
            var payload = command.CreateParameter();
            (payload.ParameterName, payload.Value) = ("payload", Encoding.UTF8.GetBytes(snapshot ?? ""));
            command.Parameters.Add(payload);
            Assert.Equal(1, await command.ExecuteNonQueryAsync(Cancel));
        }
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_was_acknowledged_before_the_silo_stopped_is_there_afterwards(string store)
    {
        var silo = await Start(store);
        var (acknowledged, enough) = (new System.Collections.Concurrent.ConcurrentQueue<Guid>(), new TaskCompletionSource());
        var sends = Enumerable.Range(0, 3_000).Select(n => (Id: Guid.CreateVersion7(), Unit: n % 50 + 1, Headcount: 1_000 + n)).ToList();
        for (var n = 2; n <= 50; n++) Accepted(await silo.Client.Send(District.Unit(n), District.Registration(n), cancel: Cancel));
        var all = Task.WhenAll(sends.Select(async send =>
        {
            try
            {
                Accepted(await Grain(silo, District.Unit(send.Unit)).Send(Report(send.Headcount, send.Id)));
                acknowledged.Enqueue(send.Id);
                if (acknowledged.Count == 100) enough.TrySetResult();
            }
            catch (Exception gone) when (gone is not Xunit.Sdk.XunitException)
            {
                // The silo went before it answered: in or out, the journal tells.
            }
        }));
        await enough.Task.WaitAsync(Cancel);
        await silo.DisposeAsync();
        var durable = acknowledged.ToArray();
        var next = await Start(store);
        var stored = new List<Guid>();
        for (var n = 1; n <= 50; n++) stored.AddRange((await next.Stored(District.Unit(n).Stream.ToString(), Cancel)).Skip(1).Select(entry => entry.CommandId));
        Assert.Equal(stored.Count, stored.Distinct().Count());
        Assert.Empty(durable.Except(stored));
        Assert.Empty(stored.Except(sends.Select(send => send.Id)));
        // And what was not can be sent again to the next silo.
        foreach (var replies in sends.Chunk(500))
            foreach (var reply in await Task.WhenAll(replies.Select(send => next.Client.Send(District.Unit(send.Unit), new EmployerCommand.ReportHeadcount(send.Headcount), send.Id, Cancel)))) Accepted(reply);
        for (var n = 1; n <= 50; n++) await Stored(n);
        Assert.Empty(await Verify());

        async Task Stored(int n) => Assert.Equal(
            sends.Where(send => send.Unit == n).Select(send => send.Id).Order(),
            (await next.Stored(District.Unit(n).Stream.ToString(), Cancel)).Skip(1).Select(entry => entry.CommandId).Order());
    }
}

using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Npgsql;

namespace UnionTesting;

/// <summary>
/// A real PostgreSQL server in a temporary folder, listening on a free port of 127.0.0.1 only. Anybody on this machine may
/// connect as the superuser <c>union</c> without a password. Commits are durable unless the settings say otherwise.
/// The server and its folder go when this is disposed, and also when this process dies; a folder that was named stays.
/// </summary>
/// <remarks>Started by root, the server runs as the user postgres, or nobody where there is none: PostgreSQL refuses to run as root.</remarks>
public sealed class PostgresServer : IDisposable
{
    private const string Superuser = "union";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    // Ends the server, or the initdb, and removes the folder unless it is kept when its standard input closes: on disposal, or with the death of
    // this process, however sudden. Only processes whose command line names the folder are ended: a number alone may have passed to somebody else.
    private const string Watch = """
        trap '' INT TERM HUP
        cat > /dev/null
        ours() { ps -A -ww -o pid= -o args= | awk -v data="$1/data" 'index($0, data) && !/awk/ { print $1 }'; }
        tries=0
        while [ -e "$1" ] && [ "$tries" -lt 150 ]; do
            tries=$((tries + 1))
            signal=QUIT
            if [ "$tries" -gt 100 ]; then signal=KILL; fi
            for process in $(ours "$1"); do kill -"$signal" "$process" 2> /dev/null; done
            if [ -z "$(ours "$1")" ]; then
                if [ "$2" = keep ]; then exit 0; fi
                rm -rf -- "$1"
            fi
            if [ -e "$1" ]; then sleep 0.1; fi
        done
        """;

    private readonly string binaries;
    private readonly string folder;
    private readonly string[] unprivileged;
    private readonly IReadOnlyDictionary<string, string> settings;
    private readonly Process watchdog;
    private readonly Action<string>? heard;
    private readonly Lock templates = new();
    private Process? server;
    private int databases;

    private PostgresServer(string? kept, IReadOnlyDictionary<string, string>? settings, string? logFolder, Action<string>? heard)
    {
        this.heard = heard;
        binaries = FindBinaries();
        this.settings = settings ?? new Dictionary<string, string>(StringComparer.Ordinal);
        folder = kept is null ? Directory.CreateTempSubdirectory("union-postgres-").FullName : Directory.CreateDirectory(kept).FullName;
        watchdog = Launch("/bin/sh", ["-c", Watch, "sh", folder, kept is null ? "remove" : "keep"], redirectInput: true);
        try
        {
            var account = Account();
            unprivileged = account is { } user ? DropTo(user.Name, user.Uid, user.Gid) : [];
            if (account is { } owner) Run("chown", [$"{owner.Uid}:{owner.Gid}", folder]);
            if (!Directory.Exists(DataFolder)) Make(logFolder);
            Start();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The port on 127.0.0.1, the same after a restart.</summary>
    public int Port { get; private set; } = FreePort.Next();

    /// <summary>The number of the server's main process; 0 while it is stopped.</summary>
    public int ProcessId { get; private set; }

    /// <summary>Connects to the maintenance database.</summary>
    public string ConnectionString => ConnectionStringOf("postgres");

    /// <summary>The folder in which the server keeps everything.</summary>
    public string DataFolder => Path.Combine(folder, "data");

    /// <summary>Makes a new cluster and starts it.</summary>
    /// <param name="settings">Server settings by name, for example <c>fsync</c> = <c>off</c>; they win over the defaults.</param>
    /// <param name="logFolder">A folder for the write-ahead log that does not exist yet, in segments of 1 MiB; null (default): inside the cluster.</param>
    /// <param name="heard">Hears every line of the server's log; null (default): nobody does.</param>
    public static PostgresServer Create(IReadOnlyDictionary<string, string>? settings = null, string? logFolder = null, Action<string>? heard = null) => new(null, settings, logFolder, heard);

    /// <summary>Starts the cluster of a folder, which is made when it is missing and kept when this is disposed.</summary>
    /// <param name="folder">The folder; whoever runs the server must be able to reach it.</param>
    /// <param name="settings">Server settings by name; they win over the defaults.</param>
    public static PostgresServer At(string folder, IReadOnlyDictionary<string, string>? settings = null) => new(Path.GetFullPath(folder), settings, null, null);

    /// <summary>The connection string of a database of that name, made empty when there is none.</summary>
    public string Database(string name)
    {
        bool there;
        using (var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ConnectionString))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = @name)";
            command.Parameters.AddWithValue("name", name);
            there = (bool)command.ExecuteScalar()!;
        }

        if (!there) CreateDatabase(name, "template1");
        return ConnectionStringOf(name);
    }

    /// <summary>A new database, empty or a copy of a template, and its connection string.</summary>
    /// <param name="template">A name that <see cref="CreateTemplate"/> returned; null (default) for an empty database.</param>
    public string CreateDatabase(string? template = null)
    {
        var name = FormattableString.Invariant($"test_{Interlocked.Increment(ref databases)}");
        CreateDatabase(name, template ?? "template1");
        return ConnectionStringOf(name);
    }

    /// <summary>A database to copy others from: filling it once and copying it is much faster than filling each.</summary>
    /// <param name="fill">Fills the database behind the connection string it is given.</param>
    /// <returns>The template's name.</returns>
    public string CreateTemplate(Action<string> fill)
    {
        var name = FormattableString.Invariant($"template_{Interlocked.Increment(ref databases)}");
        CreateDatabase(name, "template1");
        var connectionString = ConnectionStringOf(name);
        fill(connectionString);
        using (var pooled = new NpgsqlConnection(connectionString)) NpgsqlConnection.ClearPool(pooled); // A database in use cannot be copied.
        return name;
    }

    /// <summary>Backs a database up as its operator does, while it is in use.</summary>
    /// <returns>The file of the backup, which goes with the server.</returns>
    public string Dump(string connectionString)
    {
        var file = Path.Combine(folder, FormattableString.Invariant($"backup-{Interlocked.Increment(ref databases)}"));
        Run([Path.Combine(binaries, "pg_dump"), "-Fc", "-f", file, .. Reach(), "-d", NameOf(connectionString)]);
        return file;
    }

    /// <summary>Restores a backup into a database, in place of the tables that are there.</summary>
    public void Restore(string backup, string connectionString)
    {
        using (var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "DROP SCHEMA public CASCADE; CREATE SCHEMA public";
            command.ExecuteNonQuery();
        }

        Run([Path.Combine(binaries, "pg_restore"), "--single-transaction", .. Reach(), "-d", NameOf(connectionString), backup]);
    }

    /// <summary>Starts the stopped server and returns when it accepts connections, after recovery if need be.</summary>
    public void Start()
    {
        if (server is not null) throw new InvalidOperationException("The server is running.");

        var waited = Stopwatch.StartNew();
        while (true)
        {
            var log = new List<string>();
            var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var process = Launch([.. unprivileged, Path.Combine(binaries, "postgres"), .. Arguments()], line =>
            {
                lock (log) if (log.Count < 200) log.Add(line);
                heard?.Invoke(line);
                if (line.Contains("database system is ready to accept connections", StringComparison.Ordinal)) ready.TrySetResult();
            });

            var ended = process.WaitForExitAsync(CancellationToken.None);
            var first = Task.WaitAny([ready.Task, ended], Patience);
            if (first == 0)
            {
                server = process;
                ProcessId = int.Parse(File.ReadLines(Path.Combine(DataFolder, "postmaster.pid")).First(), CultureInfo.InvariantCulture);
                return;
            }

            if (first < 0) process.Kill(entireProcessTree: true);
            process.Dispose();
            string said;
            lock (log) said = string.Join('\n', log);
            var portTaken = said.Contains("could not bind", StringComparison.Ordinal) || said.Contains("could not create any TCP/IP sockets", StringComparison.Ordinal);
            // A server that was killed may take a moment to end.
            var oldBackendsRemain = said.Contains("shared memory block", StringComparison.Ordinal) || said.Contains("lock file \"postmaster.pid\" already exists", StringComparison.Ordinal);
            if (first < 0 || waited.Elapsed > Patience || !(portTaken || oldBackendsRemain))
                throw new InvalidOperationException($"PostgreSQL did not start:\n{said}");
            if (portTaken && ProcessId == 0 && databases == 0) Port = FreePort.Next(); // Once a connection string is out, the port stays.
        }
    }

    /// <summary>Stops orderly: open transactions are rolled back, everything is written, the next start needs no recovery.</summary>
    public void StopFast() => Stop(Interrupt);

    /// <summary>Stops at once, without a checkpoint: the next start recovers from the log.</summary>
    public void StopImmediate() => Stop(Quit);

    /// <summary>Kills every process of the server as a power cut would: nobody is told, nothing is tidied up.</summary>
    public void Kill()
    {
        if (server is null) return;
        var backends = Children(ProcessId);
        Signal(ProcessId, KillSignal);
        foreach (var backend in backends) Signal(backend, KillSignal);
        Ended();
    }

    /// <summary>Stops orderly and starts again on the same port.</summary>
    public void Restart()
    {
        StopFast();
        Start();
    }

    public void Dispose()
    {
        if (server is not null) StopFast();
        watchdog.StandardInput.Close();
        watchdog.WaitForExit();
        watchdog.Dispose();
    }

    private string ConnectionStringOf(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Username = Superuser,
        Database = database,
        SslMode = SslMode.Disable,
    }.ConnectionString;

    private string[] Reach() => ["-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", Superuser];

    private static string NameOf(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString).Database!;

    private void CreateDatabase(string name, string template)
    {
        var maintenance = new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false, CommandTimeout = 0 }.ConnectionString;
        lock (templates)
        {
            using var connection = new NpgsqlConnection(maintenance);
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"CREATE DATABASE {name} TEMPLATE {template}";
            command.ExecuteNonQuery();
        }
    }

    private IEnumerable<string> Arguments()
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["listen_addresses"] = "127.0.0.1",
            ["unix_socket_directories"] = "",
            ["fsync"] = "on",
            ["synchronous_commit"] = "on",
            ["max_connections"] = "200",
        };
        foreach (var (name, value) in settings) all[name] = value;
        return ["-D", DataFolder, "-p", Port.ToString(CultureInfo.InvariantCulture), .. all.SelectMany(setting => new[] { "-c", $"{setting.Key}={setting.Value}" })];
    }

    // Under another name until it is whole: a cluster that is only half made would never start.
    private void Make(string? logFolder)
    {
        var unfinished = DataFolder + ".part";
        if (Directory.Exists(unfinished)) Directory.Delete(unfinished, recursive: true);
        Run([.. unprivileged, Path.Combine(binaries, "initdb"), "-D", unfinished, "-U", Superuser, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync", "--no-instructions", .. logFolder is null ? (string[])[] : ["-X", logFolder, "--wal-segsize=1"]]);
        File.WriteAllText(Path.Combine(unfinished, "pg_hba.conf"), "host all all 127.0.0.1/32 trust\n");
        Directory.Move(unfinished, DataFolder);
    }

    private void Stop(int signal)
    {
        if (server is null) return;
        Signal(ProcessId, signal);
        Ended();
    }

    private void Ended()
    {
        if (!server!.WaitForExit(Patience)) throw new TimeoutException("PostgreSQL did not stop.");
        server.Dispose();
        server = null;
        ProcessId = 0;
    }

    private static string FindBinaries()
    {
        IEnumerable<string> onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var found = onPath
            .Concat(Versions("/usr/lib/postgresql", ""))
            .Concat(Versions("/opt/homebrew/opt", "postgresql"))
            .Concat(Versions("/usr/local/opt", "postgresql"))
            .Select(place => new FileInfo(Path.Combine(place, "initdb")))
            .FirstOrDefault(initdb => initdb.Exists)
            ?? throw new InvalidOperationException("PostgreSQL is not installed: no initdb on PATH, in /usr/lib/postgresql/*/bin or in Homebrew's folders.");
        // The other programs lie beside the real initdb; PATH may only hold a link to it.
        return Path.GetDirectoryName(found.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? found.FullName)!;
    }

    private static IEnumerable<string> Versions(string root, string prefix) => Directory.Exists(root)
        ? Directory.EnumerateDirectories(root, prefix + "*")
            .OrderByDescending(version => double.TryParse(Path.GetFileName(version).Replace("postgresql@", "", StringComparison.Ordinal), NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? number : 0)
            .Select(version => Path.Combine(version, "bin"))
        : [];

    private static (string Name, string Uid, string Gid)? Account()
    {
        if (!string.Equals(Environment.UserName, "root", StringComparison.Ordinal)) return null;
        foreach (var name in (string[])["postgres", "nobody"])
            if (TryRun(["id", "-u", name], out var uid) && TryRun(["id", "-g", name], out var gid)) return (name, uid.Trim(), gid.Trim());
        throw new InvalidOperationException("Neither postgres nor nobody is a user of this machine, and PostgreSQL refuses to run as root.");
    }

    private static string[] DropTo(string name, string uid, string gid) =>
        TryRun(["setpriv", "--version"], out _) ? ["setpriv", "--reuid", uid, "--regid", gid, "--clear-groups", "--"] : ["runuser", "-u", name, "--"];

    private static void Run(string program, string[] arguments) => Run([program, .. arguments]);

    private static void Run(string[] command)
    {
        if (!TryRun(command, out var said)) throw new InvalidOperationException($"{Path.GetFileName(command[0])} failed:\n{said}");
    }

    private static bool TryRun(string[] command, out string said)
    {
        var lines = new List<string>();
        try
        {
            using var process = Launch(command, line => { lock (lines) lines.Add(line); });
            process.WaitForExit();
            lock (lines) said = string.Join('\n', lines);
            return process.ExitCode == 0;
        }
        catch (Win32Exception missing)
        {
            said = missing.Message;
            return false;
        }
    }

    private static Process Launch(string[] command, Action<string> hear)
    {
        var process = Launch(command[0], command[1..], redirectInput: false);
        process.OutputDataReceived += (_, line) => { if (line.Data is { } text) hear(text); };
        process.ErrorDataReceived += (_, line) => { if (line.Data is { } text) hear(text); };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static Process Launch(string program, string[] arguments, bool redirectInput)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = "/",
            RedirectStandardInput = redirectInput,
            RedirectStandardOutput = !redirectInput,
            RedirectStandardError = !redirectInput,
        };
        start.Environment["LC_ALL"] = "C"; // The messages waited for are the English ones.
        return Process.Start(start)!;
    }

    private static IReadOnlyList<int> Children(int parent)
    {
        if (!TryRun(["ps", "-A", "-o", "pid=,ppid="], out var table)) return [];
        return
        [
            .. table.Split('\n')
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(columns => columns.Length == 2 && int.Parse(columns[1], CultureInfo.InvariantCulture) == parent)
                .Select(columns => int.Parse(columns[0], CultureInfo.InvariantCulture)),
        ];
    }

    private const int Interrupt = 2;
    private const int Quit = 3;
    private const int KillSignal = 9;

    private static void Signal(int process, int signal) => _ = SendSignal(process, signal);

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}

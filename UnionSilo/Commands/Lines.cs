using System.CommandLine;
using System.Text;
using System.Text.Json;
using Spectre.Console;
using UnionClient.Imports;
using UnionDomain.Kernel;
using UnionSilo.Hosting;

namespace UnionSilo.Commands;

/// <summary>Where the lines of a list go.</summary>
internal abstract class Lines : IAsyncDisposable
{
    /// <summary>To a new file, to a table on a terminal, else to plain lines whose cells are parted by tabs.</summary>
    /// <exception cref="IOException">The file exists, or cannot be written.</exception>
    public static Lines To(string? csv, string? json, InvocationConfiguration console, IReadOnlyList<string> titles) =>
        csv is not null ? new CsvLines(csv, titles)
        : json is not null ? new JsonLines(json)
        : Console.IsOutputRedirected || console.Output != Console.Out ? new PlainLines(console.Output, titles)
        : new TableLines(titles);

    /// <summary>Adds a line.</summary>
    public abstract Task Add(object line, IEnumerable<string> cells);

    /// <summary>Nothing more comes.</summary>
    public virtual Task Complete() => Task.CompletedTask;

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>A new file that only its owner may read; one that was not completed is taken away.</summary>
    private abstract class FileLines(string path) : Lines
    {
        private bool complete;

        protected FileStream Stream { get; } = OwnFile.Create(path);

        public override Task Complete()
        {
            complete = true;
            return Task.CompletedTask;
        }

        public override async ValueTask DisposeAsync()
        {
            await Stream.DisposeAsync();
            if (!complete) File.Delete(path);
        }
    }

    private sealed class CsvLines : FileLines
    {
        private readonly StreamWriter text;

        public CsvLines(string path, IReadOnlyList<string> titles)
            : base(path)
        {
            // Excel knows UTF-8 by its mark.
            text = new(Stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
            text.Write($"{string.Join(',', titles)}\r\n");
        }

        public override Task Add(object line, IEnumerable<string> cells) => text.WriteAsync($"{string.Join(',', cells.Select(CellGuard.Close).Select(CellGuard.Quote))}\r\n");

        public override async Task Complete()
        {
            await text.FlushAsync();
            await base.Complete();
        }
    }

    private sealed class JsonLines : FileLines
    {
        private readonly Utf8JsonWriter json;

        public JsonLines(string path)
            : base(path)
        {
            json = new(Stream, new() { Indented = true, NewLine = "\n", Encoder = UnionJson.Options.Encoder });
            json.WriteStartArray();
        }

        public override async Task Add(object line, IEnumerable<string> cells)
        {
            JsonSerializer.Serialize(json, line, line.GetType(), UnionJson.Options);
            if (json.BytesPending > 1 << 16) await json.FlushAsync();
        }

        public override async Task Complete()
        {
            json.WriteEndArray();
            await json.FlushAsync();
            await base.Complete();
        }

        public override async ValueTask DisposeAsync()
        {
            await json.DisposeAsync();
            await base.DisposeAsync();
        }
    }

    private sealed class PlainLines : Lines
    {
        private readonly TextWriter output;

        public PlainLines(TextWriter output, IReadOnlyList<string> titles)
        {
            this.output = output;
            output.WriteLine(string.Join('\t', titles));
        }

        public override Task Add(object line, IEnumerable<string> cells) => output.WriteLineAsync(string.Join('\t', cells));
    }

    private sealed class TableLines(IReadOnlyList<string> titles) : Lines
    {
        // As many as anybody reads before the next heading.
        private const int LinesOfTable = 500;

        private Table table = Empty(titles);

        public override async Task Add(object line, IEnumerable<string> cells)
        {
            table.AddRow([.. cells.Select(Markup.Escape)]);
            if (table.Rows.Count == LinesOfTable) await Complete();
        }

        public override Task Complete()
        {
            if (table.Rows.Count > 0) AnsiConsole.Write(table);
            table = Empty(titles);
            return Task.CompletedTask;
        }

        private static Table Empty(IReadOnlyList<string> titles) => new Table().AddColumns([.. titles]).Border(TableBorder.Rounded);
    }
}

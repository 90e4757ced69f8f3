using System.ComponentModel.DataAnnotations;

namespace UnionSilo.Persistence;

/// <summary>Where and how a journal is kept in a SQLite file.</summary>
public sealed class SqliteStoreOptions
{
    /// <summary>Path of the file; its directory and the file are created, on Unix for the owner only. Default <c>union.db</c> in the working directory.</summary>
    [Required]
    public string File { get; set; } = "union.db";

    /// <summary>How long a statement waits for another connection's lock before the group is reported as blocked. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Size of a page of a new file in bytes, a power of two from 512 to 65,536. Default 4,096; an existing file keeps its own.</summary>
    [Range(512, 65_536)]
    public int PageBytes { get; set; } = 4_096;

    /// <summary>Memory for pages of the writer, in MiB. Default 256.</summary>
    [Range(1, 65_536)]
    public int WriterCacheMiB { get; set; } = 256;

    /// <summary>Memory for pages of each reader, in MiB. Default 16.</summary>
    [Range(1, 65_536)]
    public int ReaderCacheMiB { get; set; } = 16;

    /// <summary>
    /// How large the write-ahead log grows before its pages are copied into the file, in MiB. Default 128. A larger log copies a page that changes
    /// often less often; the copying stops the writer, and a crash makes the next start read the log.
    /// </summary>
    [Range(1, 65_536)]
    public int CheckpointMiB { get; set; } = 128;

    /// <summary>How many reads run at once. Default 2.</summary>
    [Range(1, 64)]
    public int Readers { get; set; } = 2;
}

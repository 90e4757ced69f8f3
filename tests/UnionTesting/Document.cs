namespace UnionTesting;

/// <summary>Documents of the repository that a test keeps true: with UNION_UPDATE_DOCS=1 they are written anew (<c>./run-tests --update-docs</c>).</summary>
public static class Document
{
    private static readonly bool Update = Environment.GetEnvironmentVariable("UNION_UPDATE_DOCS") == "1";

    /// <summary>Folder of the repository that the tests were built from.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The file says exactly this, or is made to.</summary>
    /// <param name="file">Path from the root.</param>
    /// <param name="text">What it has to say.</param>
    /// <exception cref="InvalidDataException">It says something else.</exception>
    public static void Same(string file, string text)
    {
        var path = Path.Combine(Root, file);
        if (Update)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        if (!File.Exists(path) || File.ReadAllText(path) != text) throw new InvalidDataException($"{file} is out of date: ./run-tests --update-docs rewrites it.");
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "UnionActors.sln"))) folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("These tests look at the repository; run them where they were built.");
        return folder;
    }
}

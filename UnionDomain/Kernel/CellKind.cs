namespace UnionDomain.Kernel;

/// <summary>What would become of one cell of a template's row.</summary>
public enum CellKind
{
    /// <summary>It says what is recorded already, or is empty where nothing is.</summary>
    Same,

    /// <summary>Nothing is recorded there yet.</summary>
    New,

    /// <summary>It says something else than is recorded, or nothing where something is.</summary>
    Changed,

    /// <summary>It is taken, and read otherwise than it was typed, or something is wrong with it.</summary>
    Warned,

    /// <summary>The row is refused for it.</summary>
    Refused,
}

/// <summary>Compares cells with what is recorded.</summary>
internal static class Cells
{
    /// <summary>One kind per column.</summary>
    /// <param name="recorded">What is recorded for each column; null: nothing.</param>
    /// <param name="told">What the row says in the same form; null: nothing.</param>
    public static CellKind[] Compare(object?[] recorded, object?[] told)
    {
        var kinds = new CellKind[told.Length];
        for (var i = 0; i < told.Length; i++) kinds[i] = Equals(recorded[i], told[i]) ? CellKind.Same : recorded[i] is null ? CellKind.New : CellKind.Changed;
        return kinds;
    }
}

using System.Globalization;
using System.IO.Compression;
using System.Security;
using System.Text;

namespace UnionSilo.Tests.Imports;

/// <summary>A workbook as spreadsheet programs write it, or as nobody should.</summary>
internal sealed record MadeUpWorkbook
{
    private const string Namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    /// <summary>What stands inside the data of the sheet.</summary>
    public string Rows { get; init; } = "";

    /// <summary>The whole sheet, where it is not made of <see cref="Rows"/>.</summary>
    public string? Sheet { get; init; }

    public string? Strings { get; init; }

    public string? Styles { get; init; }

    public string Properties { get; init; } = "";

    public string Sheets { get; init; } = """<sheet name="Sheet1" sheetId="1" r:id="rId1"/>""";

    public CompressionLevel Level { get; init; } = CompressionLevel.Fastest;

    /// <summary>Further parts, or others in the place of the usual ones.</summary>
    public Dictionary<string, Action<Stream>> Parts { get; init; } = [];

    /// <summary>With the header of <see cref="SheetDesk"/> and rows below it.</summary>
    public static MadeUpWorkbook Of(params IEnumerable<string> rows) => new() { Rows = string.Concat(rows.Prepend(Row(1, Inline("A1", "编号"), Inline("B1", "名称"), Inline("C1", "备注")))) };

    public static string Row(int number, params IEnumerable<string> cells) => string.Create(CultureInfo.InvariantCulture, $"""<row r="{number}">{string.Concat(cells)}</row>""");

    public static string Inline(string reference, string text) => $"""<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{SecurityElement.Escape(text)}</t></is></c>""";

    public static string Cell(string reference, string value, string attributes = "") => $"""<c r="{reference}"{(attributes.Length > 0 ? " " : "")}{attributes}><v>{value}</v></c>""";

    /// <summary>Rows of texts, all of them shared.</summary>
    public static MadeUpWorkbook Shared(IReadOnlyList<string[]> rows)
    {
        var strings = rows.SelectMany(row => row).Distinct(StringComparer.Ordinal).ToList();
        var places = strings.Select((text, i) => (text, i)).ToDictionary(text => text.text, text => text.i, StringComparer.Ordinal);
        return new()
        {
            Rows = string.Concat(rows.Select((row, i) => Row(i + 1, row.Select((text, n) => Cell(FormattableString.Invariant($"{(char)('A' + n)}{i + 1}"), places[text].ToString(CultureInfo.InvariantCulture), "t=\"s\""))))),
            Strings = $"""<sst xmlns="{Namespace}">{string.Concat(strings.Select(text => $"""<si><t xml:space="preserve">{SecurityElement.Escape(text)}</t></si>"""))}</sst>""",
        };
    }

    public byte[] Bytes()
    {
        var file = new MemoryStream();
        WriteTo(file);
        return file.ToArray();
    }

    public void WriteTo(Stream file)
    {
        var parts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["[Content_Types].xml"] = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>",
            ["_rels/.rels"] = Relations("""<Relationship Id="rId1" Type="{0}/officeDocument" Target="xl/workbook.xml"/>"""),
            ["xl/workbook.xml"] = $"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?><workbook xmlns="{Namespace}" xmlns:r="{Kinds}">{Properties}<sheets>{Sheets}</sheets></workbook>""",
            ["xl/_rels/workbook.xml.rels"] = Relations(
                """<Relationship Id="rId1" Type="{0}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{0}/worksheet" Target="/xl/worksheets/sheet2.xml"/>"""
                + (Strings is null ? "" : """<Relationship Id="rId3" Type="{0}/sharedStrings" Target="sharedStrings.xml"/>""") + (Styles is null ? "" : """<Relationship Id="rId4" Type="{0}/styles" Target="styles.xml"/>""")),
            ["xl/worksheets/sheet1.xml"] = Sheet ?? $"""<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{Namespace}"><sheetData>{Rows}</sheetData></worksheet>""",
        };
        if (Strings is not null) parts["xl/sharedStrings.xml"] = Strings;
        if (Styles is not null) parts["xl/styles.xml"] = Styles;
        using var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, xml) in parts.Where(part => !Parts.ContainsKey(part.Key))) Write(name, part => part.Write(Encoding.UTF8.GetBytes(xml)));
        foreach (var (name, write) in Parts) Write(name, write);

        void Write(string name, Action<Stream> write)
        {
            using var part = zip.CreateEntry(name, Level).Open();
            write(part);
        }
    }

    private static string Relations(string relations) =>
        $"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{string.Format(CultureInfo.InvariantCulture, relations, Kinds)}</Relationships>""";
}

using System.Text;
using System.Xml;
using UnionDomain.Kernel;

namespace UnionClient.Imports;

/// <summary>Reads a part of a workbook step by step, in memory that does not depend on what the part holds.</summary>
/// <param name="part">The part; <see cref="WorkbookFile"/> has looked at its markup.</param>
internal sealed class SheetXml(Stream part) : IDisposable
{
    private const int MostDepth = 64;

    private readonly char[] buffer = new char[1 << 10];

    // UTF-8 whatever the part says of itself: as such its markup was looked at.
    private readonly XmlReader xml = XmlReader.Create(new StreamReader(part, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, 1 << 14), new()
    {
        CloseInput = true,
        DtdProcessing = DtdProcessing.Prohibit,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
        NameTable = new FewNames(),
        XmlResolver = null,
    });

    /// <summary>How deep it stands.</summary>
    public int Depth => xml.Depth;

    /// <summary>An attribute; null when the element has none of that name.</summary>
    public string? this[string attribute] => xml.GetAttribute(attribute);

    /// <summary>The id of another part that the element leads to.</summary>
    public string? Relation
    {
        get
        {
            string? found = null;
            for (var more = xml.MoveToFirstAttribute(); more; more = xml.MoveToNextAttribute())
                if (xml.LocalName == "id" && xml.NamespaceURI.Length > 0) found = xml.Value;
            xml.MoveToElement();
            return found;
        }
    }

    /// <summary>Goes on to whatever stands next; false at the end.</summary>
    /// <exception cref="XmlException">It is no XML, or none that can be a sheet.</exception>
    public bool Step(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var more = xml.Read();
        return xml.Depth <= MostDepth ? more : throw new XmlException();
    }

    /// <summary>Whether an element of that name begins here.</summary>
    public bool Begins(string name) => xml.NodeType == XmlNodeType.Element && xml.LocalName == name;

    /// <summary>Goes on inside the element that begins here; false at its end.</summary>
    /// <param name="depth">How deep the element stands.</param>
    /// <param name="cancel">Gives up.</param>
    public bool StepInside(int depth, CancellationToken cancel) => (xml.Depth > depth || !xml.IsEmptyElement || xml.NodeType != XmlNodeType.Element) && Step(cancel) && xml.Depth > depth;

    /// <summary>Reads a cell or a shared text to its end: its value without phonetic signs, at most one character more than any cell may have.</summary>
    /// <param name="text">Takes the text.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>Whether it is calculated by a formula.</returns>
    public bool ReadText(StringBuilder text, CancellationToken cancel)
    {
        text.Clear();
        var (depth, inside, formula) = (xml.Depth, false, false);
        while (StepInside(depth, cancel))
        {
            if (xml.NodeType == XmlNodeType.Element)
            {
                inside = xml.LocalName is "v" or "t";
                formula |= xml.LocalName == "f";
                if (xml.LocalName is "f" or "rPh" or "extLst") Skip(cancel);
            }
            else if (xml.NodeType == XmlNodeType.EndElement) inside = false;
            else if (inside) Append(text);
        }

        return formula;
    }

    public void Dispose() => xml.Dispose();

    private void Skip(CancellationToken cancel)
    {
        var depth = xml.Depth;
        while (StepInside(depth, cancel))
        {
        }
    }

    private void Append(StringBuilder text)
    {
        while (xml.ReadValueChunk(buffer, 0, buffer.Length) is > 0 and var read)
            text.Append(buffer, 0, Math.Min(read, SheetFile.LongestCell + 1 - text.Length));
    }

    // A name is kept for ever; a sheet has some dozens.
    private sealed class FewNames : NameTable
    {
        private const int Most = 2_000;

        private int count;

        public override string Add(char[] key, int start, int len) => Get(key, start, len) ?? Counted(base.Add(key, start, len));

        public override string Add(string key) => Get(key) ?? Counted(base.Add(key));

        private string Counted(string name) => ++count <= Most ? name : throw new XmlException();
    }
}

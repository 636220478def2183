using System.Xml;
using System.Xml.Linq;

namespace DataBuild.Tasks.Positions;

/// <summary>Where an item was written, told by the file alone: only if exactly one element of it can be the one.</summary>
internal static class XmlPositions
{
    public static Place Find(string file, string type, string include)
    {
        var nowhere = new Place(file, 0, 0);
        if (!File.Exists(file))
        {
            return nowhere;
        }

        XDocument document;
        try
        {
            using var reader = XmlReader.Create(file, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            document = XDocument.Load(reader, LoadOptions.SetLineInfo);
        }
        catch (XmlException)
        {
            // It was read a moment ago and is being written now; a position is not worth an error.
            return nowhere;
        }

        var matching = document.Descendants()
            .Where(element => element.Name.LocalName == type && element.Parent?.Name.LocalName == "ItemGroup")
            .Where(element => (element.Attribute("Include")?.Value ?? "").Split(';').Any(part => part.Trim() == include))
            .ToList();
        // The reader's column is that of the name; MSBuild counts from the bracket.
        return matching.Count == 1 && (IXmlLineInfo)matching[0] is var line && line.HasLineInfo()
            ? new Place(file, line.LineNumber, line.LinePosition - 1)
            : nowhere;
    }
}

using System.Xml;

namespace DataBuild.Tasks.Authoring;

/// <summary>A place in a file, counted from 1.</summary>
internal readonly record struct XmlPlace(string File, int Line, int Column)
{
    public static XmlPlace Of(string file, IXmlLineInfo node) =>
        node.HasLineInfo() ? new(file, node.LineNumber, node.LinePosition) : new(file, 0, 0);
}

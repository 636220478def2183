using System.Xml;
using System.Xml.Linq;

namespace DataBuild.Tasks.Authoring;

/// <summary>One project file as written, before MSBuild changed anything.</summary>
internal sealed class ProjectXml(string file, XDocument document)
{
    public string File { get; } = file;

    public IEnumerable<XElement> Elements(string name) =>
        document.Descendants().Where(element => element.Name.LocalName == name);

    public IEnumerable<XElement> Items(string type) =>
        Elements(type).Where(element => element.Parent?.Name.LocalName == "ItemGroup");

    public IEnumerable<string> TargetNames =>
        Elements("Target").Select(target => target.Attribute("Name")?.Value).OfType<string>();

    /// <summary>
    /// The project, what it imports as far as that can be told without evaluating it (plain paths, and the well-known folders), and
    /// every file that defined one of its items. Files of packages and of the .NET SDK are none of the user's and left out.
    /// </summary>
    public static IReadOnlyList<ProjectXml> Load(string projectFile, IEnumerable<string> others)
    {
        var loaded = new List<ProjectXml>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var left = new Queue<string>(new[] { projectFile }.Concat(others));
        while (left.Count > 0)
        {
            var file = left.Dequeue();
            if (!seen.Add(file) || !System.IO.File.Exists(file))
            {
                continue;
            }

            var xml = new ProjectXml(file, LoadXml(file));
            loaded.Add(xml);
            foreach (var import in xml.Elements("Import").Where(import => import.Attribute("Sdk") is null))
            {
                if (import.Attribute("Project")?.Value is { } written && Resolve(written, file, projectFile) is { } path)
                {
                    left.Enqueue(path);
                }
            }
        }

        return loaded;
    }

    private static XDocument LoadXml(string file)
    {
        using var reader = XmlReader.Create(file, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
        return XDocument.Load(reader, LoadOptions.SetLineInfo);
    }

    private static string? Resolve(string written, string importingFile, string projectFile)
    {
        var path = written.Replace('\\', '/')
            .Replace("$(MSBuildThisFileDirectory)", Path.GetDirectoryName(importingFile) + "/")
            .Replace("$(MSBuildProjectDirectory)", Path.GetDirectoryName(projectFile));
        return path.IndexOfAny(['$', '@', '*', '?', ';', '%']) >= 0 ? null : new ProjectPaths(importingFile).Full(path);
    }
}

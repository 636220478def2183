using System.Xml;
using System.Xml.Linq;

namespace DataBuild.Tasks.Authoring;

/// <summary>One project file as written, before MSBuild changed anything.</summary>
internal sealed class ProjectXml(string file, XDocument document)
{
    public string File { get; } = file;

    /// <summary>It was found by an Import under a condition, so MSBuild may not have read it at all.</summary>
    public bool MayBeLeftOut { get; private set; }

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
        var left = new Queue<(string File, bool MayBeLeftOut)>(new[] { projectFile }.Concat(others).Select(file => (file, false)));
        while (left.Count > 0)
        {
            var (file, mayBeLeftOut) = left.Dequeue();
            if (!seen.Add(file) || !System.IO.File.Exists(file))
            {
                continue;
            }

            if (TryLoad(file) is not { } xml)
            {
                continue;
            }

            xml.MayBeLeftOut = mayBeLeftOut;
            loaded.Add(xml);
            foreach (var import in xml.Elements("Import").Where(import => import.Attribute("Sdk") is null))
            {
                if (import.Attribute("Project")?.Value is { } written && Resolve(written, file, projectFile) is { } path)
                {
                    left.Enqueue((path, mayBeLeftOut || import.AncestorsAndSelf().Any(element => element.Attribute("Condition") is not null)));
                }
            }
        }

        return loaded;
    }

    /// <summary>
    /// Null where it cannot be read. MSBuild has read every file that counts before this one is; what is left is behind a condition
    /// that does not hold, and no concern of this build's.
    /// </summary>
    private static ProjectXml? TryLoad(string file)
    {
        try
        {
            using var reader = XmlReader.Create(file, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            return new ProjectXml(file, XDocument.Load(reader, LoadOptions.SetLineInfo));
        }
        catch (Exception unread) when (unread is XmlException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? Resolve(string written, string importingFile, string projectFile)
    {
        var path = written.Replace('\\', '/')
            .Replace("$(MSBuildThisFileDirectory)", Path.GetDirectoryName(importingFile) + "/")
            .Replace("$(MSBuildProjectDirectory)", Path.GetDirectoryName(projectFile));
        return path.IndexOfAny(['$', '@', '*', '?', ';', '%']) >= 0 ? null : new ProjectPaths(importingFile).Full(path);
    }
}

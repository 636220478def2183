using System.Collections;
using System.Globalization;
using System.Text;
using System.Xml;
using DataBuild.V1;
using Google.Protobuf;
using Microsoft.Build.Framework;
using Task = Microsoft.Build.Utilities.Task;

namespace DataBuild.Tasks.Mirror;

/// <summary>
/// The runs of a build as targets of one generated project, so that a binary log shows each with its refs, command line, output and
/// reason, and a job without work as a target that MSBuild itself reports as up to date. The project is built after the engine
/// ended: its own times are those of the mirroring, the real ones are with each run.
/// </summary>
internal static class RunMirror
{
    /// <summary>No run's and no job's target can be named so: theirs have a colon, or no blank.</summary>
    private const string EmbedTarget = "plan, result and logs";

    /// <param name="files">To be embedded: by an item of a target, which is what loggers look for, and here it also happens when the build fails.</param>
    public static void Write(Task task, string projectFile, IReadOnlyList<RunReport> runs, IReadOnlyList<JobSkip> skips, IReadOnlyList<string> files)
    {
        if (runs.Count == 0 && skips.Count == 0 && files.Count == 0)
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(projectFile)!);
        var runsFile = Path.ChangeExtension(projectFile, ".runs.binpb");
        var offsets = WriteRuns(runsFile, runs);
        var names = new TargetNames();
        var runTargets = runs.Select(run => names.Of(run)).ToList();
        var skipTargets = skips.Select(skip => names.Of(skip)).ToList();
        WriteProject(projectFile, runsFile, runs, runTargets, offsets, skipTargets, files);

        // Its own global property: within one build the same project may be generated again with other targets.
        var properties = new Hashtable { ["DataBuildMirror"] = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture) };
        task.BuildEngine.BuildProjectFile(projectFile, [.. runTargets, .. skipTargets, EmbedTarget], properties, null);
    }

    private static List<long> WriteRuns(string file, IReadOnlyList<RunReport> runs)
    {
        var offsets = new List<long>(runs.Count);
        using var stream = File.Create(file);
        foreach (var run in runs)
        {
            offsets.Add(stream.Position);
            run.WriteDelimitedTo(stream);
        }

        return offsets;
    }

    private static void WriteProject(
        string file, string runsFile, IReadOnlyList<RunReport> runs, List<string> runTargets, List<long> offsets, List<string> skipTargets, IReadOnlyList<string> files)
    {
        using var writer = XmlWriter.Create(file, new XmlWriterSettings { Indent = true, OmitXmlDeclaration = true, Encoding = new UTF8Encoding(false) });
        writer.WriteStartElement("Project");
        writer.WriteStartElement("UsingTask");
        writer.WriteAttributeString("TaskName", typeof(ReportRun).FullName);
        writer.WriteAttributeString("AssemblyFile", MSBuildText.Escape(typeof(ReportRun).Assembly.Location));
        writer.WriteEndElement();
        for (var index = 0; index < runs.Count; index++)
        {
            writer.WriteStartElement("Target");
            writer.WriteAttributeString("Name", MSBuildText.Escape(runTargets[index]));
            writer.WriteStartElement(typeof(ReportRun).FullName!);
            writer.WriteAttributeString("RunsFile", MSBuildText.Escape(runsFile));
            writer.WriteAttributeString("Offset", offsets[index].ToString(CultureInfo.InvariantCulture));
            writer.WriteAttributeString("Refs", string.Join(";", runs[index].Refs.Select(MSBuildText.Escape)));
            writer.WriteAttributeString("State", MSBuildText.Escape(runs[index].State));
            writer.WriteEndElement();
            writer.WriteEndElement();
        }

        foreach (var target in skipTargets)
        {
            // A file is never newer than itself: MSBuild skips the target as up to date, in its own words.
            writer.WriteStartElement("Target");
            writer.WriteAttributeString("Name", MSBuildText.Escape(target));
            writer.WriteAttributeString("Inputs", "$(MSBuildProjectFullPath)");
            writer.WriteAttributeString("Outputs", "$(MSBuildProjectFullPath)");
            writer.WriteEndElement();
        }

        writer.WriteStartElement("Target");
        writer.WriteAttributeString("Name", EmbedTarget);
        writer.WriteStartElement("ItemGroup");
        foreach (var embedded in files)
        {
            writer.WriteStartElement("EmbedInBinlog");
            writer.WriteAttributeString("Include", MSBuildText.Escape(embedded));
            writer.WriteEndElement();
        }

        writer.WriteEndElement();
        writer.WriteEndElement();
        writer.WriteEndElement();
    }
}

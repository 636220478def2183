using System.Globalization;
using DataBuild.Tasks.Ci;
using DataBuild.Tasks.Positions;
using DataBuild.V1;

namespace DataBuild.Cli.Output;

/// <summary>A diagnostic as one line in the form that every editor and CI knows: <c>file(line,column): error CODE: text</c>.</summary>
internal static class DiagnosticText
{
    public static string Of(Diagnostic diagnostic, string? projectFile)
    {
        string kind = diagnostic.Severity switch
        {
            Severity.Error => "error",
            Severity.Warning => "warning",
            _ => "info",
        };
        string code = diagnostic.Code.Length > 0 ? $" {diagnostic.Code}" : "";
        return $"{Where(diagnostic, projectFile)}: {kind}{code}: {diagnostic.Text.ReplaceLineEndings(" ")}";
    }

    /// <summary>For a CI system; null for what is neither an error nor a warning.</summary>
    public static CiIssue? Issue(Diagnostic diagnostic, string projectFile)
    {
        if (diagnostic.Severity is not (Severity.Error or Severity.Warning))
        {
            return null;
        }

        var place = Find(diagnostic, projectFile);
        return new CiIssue(diagnostic.Severity == Severity.Error, diagnostic.Code, diagnostic.Text.ReplaceLineEndings(" "), place.File, place.Line, place.Column);
    }

    private static string Where(Diagnostic diagnostic, string? projectFile)
    {
        if (projectFile is null)
        {
            return Commands.Name;
        }

        var place = Find(diagnostic, projectFile);
        string file = Path.GetRelativePath(Directory.GetCurrentDirectory(), place.File);
        file = file.StartsWith("..", StringComparison.Ordinal) ? place.File : file;
        return place.Line == 0 ? file : string.Create(CultureInfo.InvariantCulture, $"{file}({place.Line},{place.Column})");
    }

    public static Place Find(Diagnostic diagnostic, string projectFile)
    {
        string folder = Path.GetDirectoryName(projectFile)!;
        if (diagnostic.File.Length > 0)
        {
            return new Place(Path.GetFullPath(diagnostic.File, folder), diagnostic.Line, diagnostic.Column);
        }

        if (diagnostic.Origin is not { ItemType.Length: > 0 } origin)
        {
            return new Place(projectFile, 0, 0);
        }

        return XmlPositions.Find(origin.File.Length == 0 ? projectFile : Path.GetFullPath(origin.File, folder), origin.ItemType, origin.Include);
    }
}

using DataBuild.V1;

namespace DataBuild.Tasks.Positions;

/// <summary>
/// From what a diagnostic knows of a declaration to file, line and column: the evaluated project, else the file as written, else
/// the file alone. Never a wrong line.
/// </summary>
/// <param name="projectFile">Full path.</param>
/// <param name="globalProperties">Those that this build was given.</param>
/// <param name="origins">All declarations of this build, which targets may have added to or taken from.</param>
internal sealed class OriginPositions(string projectFile, Func<IDictionary<string, string>> globalProperties, Func<IEnumerable<Origin>> origins)
{
    private readonly ProjectPaths _paths = new(projectFile);
    private readonly Dictionary<string, EvaluatedProject?> _evaluated = new(StringComparer.Ordinal);

    public EvaluatedProject? Evaluated => EvaluatedOf(projectFile);

    public Place Of(Diagnostic diagnostic)
    {
        if (diagnostic.File.Length > 0)
        {
            return new Place(_paths.Full(diagnostic.File), diagnostic.Line, diagnostic.Column);
        }

        return diagnostic.Origin is { } origin ? Of(origin) : new Place(projectFile, 0, 0);
    }

    private Place Of(Origin origin)
    {
        var project = origin.Project.Length == 0 ? projectFile : _paths.Full(origin.Project);
        var file = origin.File.Length == 0 ? project : _paths.Full(origin.File);
        if (origin.Include.Length == 0)
        {
            return new Place(file, 0, 0);
        }

        if (origin.ItemType.Length == 0)
        {
            return Evaluated?.PropertyPlace(origin.Include) ?? new Place(projectFile, 0, 0);
        }

        var place = EvaluatedOf(project)?.ItemPlace(origin.ItemType, origin.Include, origin.Ordinal, origins().Count(other => IsAlike(other, origin)));

        // An item that a target made, or of a project that changed since, is not the evaluated one: its file differs.
        return place is { } found && (origin.File.Length == 0 || found.File == file)
            ? found
            : XmlPositions.Find(file, origin.ItemType, origin.Include);
    }

    private static bool IsAlike(Origin one, Origin other) =>
        one.ItemType == other.ItemType && one.Include == other.Include && one.Project == other.Project;

    /// <summary>A declaration of a referenced project is placed by that project.</summary>
    private EvaluatedProject? EvaluatedOf(string project)
    {
        if (!_evaluated.TryGetValue(project, out var evaluated))
        {
            _evaluated[project] = evaluated = EvaluatedProject.TryLoad(project, globalProperties());
        }

        return evaluated;
    }
}

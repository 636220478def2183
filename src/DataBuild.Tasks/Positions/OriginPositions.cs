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
    private EvaluatedProject? _evaluated;
    private bool _tried;

    public EvaluatedProject? Evaluated
    {
        get
        {
            if (!_tried)
            {
                _tried = true;
                _evaluated = EvaluatedProject.TryLoad(projectFile, globalProperties());
            }

            return _evaluated;
        }
    }

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
        var file = origin.File.Length == 0 ? projectFile : _paths.Full(origin.File);
        if (origin.Include.Length == 0)
        {
            return new Place(file, 0, 0);
        }

        if (origin.ItemType.Length == 0)
        {
            return Evaluated?.PropertyPlace(origin.Include) ?? new Place(projectFile, 0, 0);
        }

        var place = Evaluated?.ItemPlace(origin.ItemType, origin.Include, origin.Ordinal, origins().Count(other => other.ItemType == origin.ItemType && other.Include == origin.Include));

        // An item that a target made, or of a project that changed since, is not the evaluated one: its file differs.
        return place is { } found && (origin.File.Length == 0 || found.File == file)
            ? found
            : XmlPositions.Find(file, origin.ItemType, origin.Include);
    }
}

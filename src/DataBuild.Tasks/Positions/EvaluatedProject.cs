using System.Collections;
using System.Reflection;

namespace DataBuild.Tasks.Positions;

/// <summary>
/// The project evaluated once more, which is the only way to learn where an item or a property was written: right for imports,
/// conditions and transforms. By reflection, since Microsoft.Build has no netstandard2.0 assembly; where MSBuild's own is not to
/// be had, there is no evaluated project. Costs about 0.4 s, so it is made only when something has to be said.
/// </summary>
internal sealed class EvaluatedProject
{
    private readonly object _project;

    private EvaluatedProject(object project) => _project = project;

    /// <summary>Null where MSBuild's evaluation cannot be reached from this process.</summary>
    public static EvaluatedProject? TryLoad(string file, IDictionary<string, string> globalProperties)
    {
        var type = AppDomain.CurrentDomain.GetAssemblies()
            .FirstOrDefault(assembly => assembly.GetName().Name == "Microsoft.Build")?
            .GetType("Microsoft.Build.Evaluation.ProjectCollection");
        if (type is null)
        {
            return null;
        }

        try
        {
            var collection = Activator.CreateInstance(type, globalProperties);
            var load = type.GetMethod("LoadProject", [typeof(string)]);
            return load?.Invoke(collection, [file]) is { } project ? new EvaluatedProject(project) : null;
        }
        catch (TargetInvocationException)
        {
            // The project that is being built cannot be evaluated again (it changed meanwhile): positions are lost, nothing else.
            return null;
        }
    }

    public bool HasProperty(string name) => Call(_project, "GetProperty", name) is not null;

    /// <summary>Where the property was last set in a file; null if it was set elsewhere (environment, command line).</summary>
    public Place? PropertyPlace(string name) =>
        Call(_project, "GetProperty", name) is { } property && Get(property, "Xml") is { } xml ? PlaceOf(Get(xml, "Location")) : null;

    /// <summary>
    /// Where the item of that type and include was written; null if there are not as many of them as in the build, so that a target
    /// added or removed one and nobody knows which.
    /// </summary>
    public Place? ItemPlace(string type, string include, uint ordinal, int count)
    {
        var matching = ((IEnumerable)Call(_project, "GetItems", type)!)
            .Cast<object>()
            .Where(item => (string)Get(item, "EvaluatedInclude")! == include)
            .ToList();
        return matching.Count == count && ordinal < count && Get(matching[(int)ordinal], "Xml") is { } xml ? PlaceOf(Get(xml, "Location")) : null;
    }

    private static Place? PlaceOf(object? location)
    {
        if (location is null)
        {
            return null;
        }

        var file = (string)Get(location, "File")!;
        return file.Length == 0 ? null : new Place(file, (int)Get(location, "Line")!, (int)Get(location, "Column")!);
    }

    private static object? Call(object target, string method, string argument) =>
        target.GetType().GetMethod(method, [typeof(string)])!.Invoke(target, [argument]);

    private static object? Get(object target, string property) => target.GetType().GetProperty(property)!.GetValue(target);
}

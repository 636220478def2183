using System.Diagnostics.CodeAnalysis;

namespace DataBuild.Engine.State;

/// <summary>Gives each ref that was ever touched a small number, so that state is arrays and not dictionaries of strings.</summary>
public sealed class RefTable
{
    private readonly Dictionary<string, int> ids = new(StringComparer.Ordinal);
    private readonly List<string> refs = [];

    public int Count => refs.Count;

    public string this[int id] => refs[id];

    public int Intern(string @ref)
    {
        if (!ids.TryGetValue(@ref, out int id))
        {
            id = refs.Count;
            refs.Add(@ref);
            ids.Add(@ref, id);
        }

        return id;
    }

    public bool TryGet([NotNullWhen(true)] string? @ref, out int id)
    {
        id = -1;
        return @ref is not null && ids.TryGetValue(@ref, out id);
    }
}

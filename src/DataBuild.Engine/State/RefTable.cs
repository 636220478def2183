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

    /// <summary>Another name for a ref; if that name was another ref's, this one's name is its from now on.</summary>
    public void Rename(int id, string to)
    {
        string from = refs[id];
        if (from == to)
        {
            return;
        }

        if (ids.TryGetValue(to, out int other))
        {
            refs[other] = from;
            ids[from] = other;
        }
        else
        {
            ids.Remove(from);
        }

        refs[id] = to;
        ids[to] = id;
    }

    public bool TryGet([NotNullWhen(true)] string? @ref, out int id)
    {
        id = -1;
        return @ref is not null && ids.TryGetValue(@ref, out id);
    }
}

namespace DataBuild.Engine.Log;

/// <summary>The refs of a filter: names and globs.</summary>
internal sealed class RefSelector(IEnumerable<string> refs)
{
    private readonly HashSet<string> _names = [.. refs.Where(text => !RefGlob.IsGlob(text))];
    private readonly RefGlob[] _globs = [.. refs.Where(RefGlob.IsGlob).Select(text => new RefGlob(text))];
    private readonly RefGlob[] _all = [.. refs.Select(text => new RefGlob(text))];

    public bool Has(string name)
    {
        if (_names.Contains(name))
        {
            return true;
        }

        foreach (var glob in _globs)
        {
            if (glob.Matches(name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether it has any ref of a set expression.</summary>
    public bool HasAnyOf(string expression)
    {
        if (!expression.Contains('{', StringComparison.Ordinal))
        {
            return Has(expression);
        }

        var set = new RefSetText(expression);
        return Array.Exists(_all, glob => glob.Meets(set));
    }
}

namespace DataBuild.Engine.Files;

/// <summary>Whether a symbolic link within a folder leads to somewhere in that folder, so that it means the same after a rename.</summary>
internal static class LinkWithin
{
    /// <summary>As many as the kernel follows.</summary>
    private const int MostHops = 40;

    /// <summary>
    /// Walks as the kernel would, link by link: a comparison of texts is fooled by <c>..</c> behind another link.
    /// </summary>
    /// <param name="folder">Full path of the folder.</param>
    /// <param name="link">Path of the link, relative to it; the folders on its way are real ones.</param>
    /// <param name="target">What the link says.</param>
    public static bool Stays(string folder, string link, string target)
    {
        var at = link.Split('/').SkipLast(1).ToList();
        var pending = new Stack<string>();
        var hops = 0;
        if (!Enter(target))
        {
            return false;
        }

        while (pending.TryPop(out var segment))
        {
            if (segment is "" or ".")
            {
                continue;
            }

            if (segment == "..")
            {
                if (at.Count == 0)
                {
                    return false;
                }

                at.RemoveAt(at.Count - 1);
                continue;
            }

            at.Add(segment);
            if (new FileInfo(Path.Join(folder, string.Join('/', at))).LinkTarget is { } next)
            {
                at.RemoveAt(at.Count - 1);
                if (++hops > MostHops || !Enter(next))
                {
                    return false;
                }
            }
        }

        return true;

        bool Enter(string text)
        {
            if (text.StartsWith('/'))
            {
                return false;
            }

            foreach (var segment in text.Split('/').Reverse())
            {
                pending.Push(segment);
            }

            return true;
        }
    }
}

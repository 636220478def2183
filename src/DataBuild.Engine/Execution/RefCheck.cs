using System.Text;

namespace DataBuild.Engine.Execution;

/// <summary>
/// What no ref and no set may hold, whatever the graph: this much is checked of what a job says before anybody else sees it. The alternatives
/// and ranges of a set stay unexpanded here; whoever expands them checks each ref.
/// </summary>
internal static class RefCheck
{
    private const int MostBytes = 1024;

    /// <summary>Null if the text may be a ref or a set, else what is wrong with it.</summary>
    public static string? Problem(string text)
    {
        if (text.Length == 0)
        {
            return "it is empty";
        }

        if (Encoding.UTF8.GetByteCount(text) > MostBytes)
        {
            return $"it is longer than {MostBytes} bytes";
        }

        foreach (var character in text)
        {
            if (char.IsControl(character))
            {
                return "it holds a control character";
            }

            if (character == '\\')
            {
                return "it holds a backslash";
            }
        }

        foreach (var segment in text.AsSpan().Split('/'))
        {
            switch (text.AsSpan(segment))
            {
                case "":
                    return "it has an empty segment or begins or ends with '/'";
                case "." or "..":
                    return "it has a segment '.' or '..'";
            }
        }

        return null;
    }
}

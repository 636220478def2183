namespace DataBuild.Jobs;

/// <summary>Makes partition refs.</summary>
public static class Ref
{
    /// <summary>
    /// A ref from an interpolated string, with dates, months and hours written as refs write them whatever the culture:
    /// <c>Ref.Of($"daily/{day}")</c> is <c>daily/2001-02-14</c>.
    /// </summary>
    /// <param name="ref">The interpolated string.</param>
    public static string Of(RefText @ref) => @ref.ToString();

    /// <summary>Why a text can be no ref; null if it can.</summary>
    internal static string? WhyInvalid(string text)
    {
        if (text.Length == 0)
        {
            return "it is empty";
        }

        foreach (char c in text)
        {
            if (c == '\\' || char.IsControl(c))
            {
                return "it holds a backslash or control character";
            }
        }

        foreach (string segment in text.Split('/'))
        {
            if (segment is "" or "." or "..")
            {
                return "it has an empty, '.' or '..' segment";
            }
        }

        return null;
    }
}

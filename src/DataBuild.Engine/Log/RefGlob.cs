namespace DataBuild.Engine.Log;

/// <summary>A ref, or many: <c>*</c> stands for any characters of a segment, <c>**</c> for any characters at all.</summary>
internal sealed class RefGlob(string glob)
{
    public static bool IsGlob(string text) => text.Contains('*', StringComparison.Ordinal);

    public bool Matches(string text) => MatchesText(0, text, 0);

    /// <summary>Whether a ref of the set matches.</summary>
    public bool Meets(RefSetText set) => MeetsParts(0, set, 0);

    private bool MatchesText(int at, string text, int textAt)
    {
        for (; at < glob.Length; at++, textAt++)
        {
            if (glob[at] == '*')
            {
                var (after, across) = Stars(at);
                for (var end = textAt; ; end++)
                {
                    if (MatchesText(after, text, end))
                    {
                        return true;
                    }

                    if (end == text.Length || (text[end] == '/' && !across))
                    {
                        return false;
                    }
                }
            }

            if (textAt == text.Length || glob[at] != text[textAt])
            {
                return false;
            }
        }

        return textAt == text.Length;
    }

    private bool MeetsParts(int at, RefSetText set, int part)
    {
        if (part == set.Parts.Count)
        {
            return at == glob.Length || (glob[at] == '*' && Stars(at).After == glob.Length);
        }

        return Array.Exists(set.Parts[part], option => MeetsOption(at, set, part, option));
    }

    private bool MeetsOption(int at, RefSetText set, int part, RefSetOption option)
    {
        if (option == RefSetOption.Anything)
        {
            return MeetsAnything(at, set, part, isBegun: false);
        }

        if (option.To is null)
        {
            return MeetsText(at, set, part, option.Text, 0);
        }

        for (var length = option.ShortestValue; length <= option.LongestValue; length++)
        {
            if (MeetsValue(at, set, part, option, new char[length], 0))
            {
                return true;
            }
        }

        return false;
    }

    private bool MeetsAnything(int at, RefSetText set, int part, bool isBegun)
    {
        if (isBegun && MeetsParts(at, set, part + 1))
        {
            return true;
        }

        if (at == glob.Length || glob[at] == '/')
        {
            return false;
        }

        return glob[at] == '*'
            ? MeetsParts(at, set, part + 1) || MeetsAnything(Stars(at).After, set, part, isBegun: true)
            : MeetsAnything(at + 1, set, part, isBegun: true);
    }

    private bool MeetsText(int at, RefSetText set, int part, string text, int textAt)
    {
        if (textAt == text.Length)
        {
            return MeetsParts(at, set, part + 1);
        }

        if (at == glob.Length)
        {
            return false;
        }

        if (glob[at] != '*')
        {
            return glob[at] == text[textAt] && MeetsText(at + 1, set, part, text, textAt + 1);
        }

        var (after, across) = Stars(at);
        return MeetsText(after, set, part, text, textAt)
            || ((across || text[textAt] != '/') && MeetsText(at, set, part, text, textAt + 1));
    }

    private bool MeetsValue(int at, RefSetText set, int part, RefSetOption option, char[] value, int valueAt)
    {
        if (valueAt == value.Length)
        {
            return option.Has(value) && MeetsParts(at, set, part + 1);
        }

        if (at == glob.Length)
        {
            return false;
        }

        if (glob[at] != '*')
        {
            value[valueAt] = glob[at];
            return MeetsValue(at + 1, set, part, option, value, valueAt + 1);
        }

        if (MeetsValue(Stars(at).After, set, part, option, value, valueAt))
        {
            return true;
        }

        value[valueAt] = RefSetOption.Any;
        return MeetsValue(at, set, part, option, value, valueAt + 1);
    }

    private (int After, bool Across) Stars(int at)
    {
        var after = at;
        while (after < glob.Length && glob[after] == '*')
        {
            after++;
        }

        return (after, after - at > 1);
    }
}

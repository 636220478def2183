namespace DataBuild.Engine.Log;

/// <summary>
/// A set expression as an event holds it, taken apart as far as needed to say whether a ref is in it: text, <c>{a|b}</c> and
/// <c>{from..to}</c>, where the ends are numbers or dates that sort as text. No graph is needed, so that a log can be searched without
/// its project; the price is that <c>{region}</c> and <c>{region.all}</c>, whose values only a graph knows, count as any text.
/// </summary>
internal sealed class RefSetText
{
    public RefSetText(string expression)
    {
        List<RefSetOption[]> parts = [];
        for (var rest = expression.AsSpan(); !rest.IsEmpty;)
        {
            var open = rest.IndexOf('{');
            var close = open < 0 ? -1 : rest[open..].IndexOf('}');
            if (close < 0)
            {
                parts.Add([new(rest.ToString())]);
                break;
            }

            if (open > 0)
            {
                parts.Add([new(rest[..open].ToString())]);
            }

            var options = rest[(open + 1)..(open + close)].ToString().Split('|');
            parts.Add([.. options.Select(option => RefSetOption.Parse(option, isOnlyOne: options.Length == 1))]);
            rest = rest[(open + close + 1)..];
        }

        Parts = parts;
    }

    /// <summary>In order; a ref takes one option of each.</summary>
    public IReadOnlyList<RefSetOption[]> Parts { get; }
}

namespace DataBuild.Jobs;

/// <summary>
/// Refs in terms of a key's placeholders, written as in <c>Needs</c>: <c>raw/{date}</c>, <c>csv/{date.month}</c>,
/// <c>daily/{date-6d..date}</c>, <c>daily/{month.days}</c>, <c>part/{region.all}</c>.
/// </summary>
internal static class RefTemplate
{
    // A slip in a range must not become a list that fills the memory; the engine itself refuses batches of this size.
    private const int MaxRefs = 1_000_000;

    public static IReadOnlyList<string> Expand(string template, PartitionKey key)
    {
        List<string> refs = [""];
        int at = 0;
        for (int open; (open = template.IndexOf('{', at)) >= 0;)
        {
            int close = template.IndexOf('}', open);
            if (close < 0)
            {
                throw new ArgumentException($"'{{' is never closed in '{template}'.", nameof(template));
            }

            string literal = template[at..open];
            IReadOnlyList<string> values = Evaluate(template[(open + 1)..close], key, template);
            if ((long)refs.Count * values.Count > MaxRefs)
            {
                throw new ArgumentException($"'{template}' is more than {MaxRefs} refs.", nameof(template));
            }

            refs = [.. from start in refs from value in values select start + literal + value];
            at = close + 1;
        }

        return at == 0 ? [template] : [.. refs.Select(start => start + template[at..])];
    }

    private static IReadOnlyList<string> Evaluate(string expression, PartitionKey key, string template)
    {
        int range = expression.IndexOf("..", StringComparison.Ordinal);
        if (range < 0)
        {
            return Terms(expression, key, template);
        }

        (RefValue from, RefValue to) = (Value(expression[..range], key, template), Value(expression[(range + 2)..], key, template));
        if (from.Kind != to.Kind)
        {
            throw Wrong(expression, template, $"a range from a {from.Kind} to a {to.Kind}");
        }

        List<string> values = [];
        for (RefValue value = from; !value.IsAfter(to); value = value.Add(1))
        {
            values.Add(value.ToString());
            if (values.Count > MaxRefs)
            {
                throw Wrong(expression, template, $"more than {MaxRefs} values");
            }
        }

        return values;
    }

    /// <summary>Anything but a range: one value, or the many of <c>.days</c>, <c>.months</c>, <c>.hours</c> and <c>.all</c>.</summary>
    private static IReadOnlyList<string> Terms(string expression, PartitionKey key, string template)
    {
        if (key.Names.Contains(expression))
        {
            return [key[expression]];
        }

        int dot = expression.LastIndexOf('.');
        if (dot >= 0 && expression[(dot + 1)..] is "days" or "hours" or "months" or "all")
        {
            string name = expression[..dot];
            string member = expression[(dot + 1)..];
            if (member == "all")
            {
                Placeholder placeholder = key.Placeholder(name);
                return placeholder.Kind == PlaceholderKind.Enum ? placeholder.Values : throw Wrong(expression, template, "not an enum");
            }

            RefValue whole = Value(name, key, template);
            IReadOnlyList<RefValue> parts = whole.Parts(member) ?? throw Wrong(expression, template, $"a {whole.Kind} has no {member}");
            return [.. parts.Select(part => part.ToString())];
        }

        return [Value(expression, key, template).ToString()];
    }

    /// <summary>A name, then any of <c>.date</c>, <c>.month</c>, <c>.year</c>, <c>+1d</c>, <c>-6d</c>, from left to right.</summary>
    private static RefValue Value(string expression, PartitionKey key, string template)
    {
        int end = expression.IndexOfAny(['.', '+', '-']) is var first and >= 0 ? first : expression.Length;
        if (!key.Names.Contains(expression[..end]))
        {
            throw Wrong(expression, template, $"the placeholders of '{key.Ref}' are {string.Join(", ", key.Names)}");
        }

        string name = expression[..end];
        RefValue value = RefValue.Of(key.Placeholder(name), key[name]) ?? throw Wrong(expression, template, "only dates, months, years, hours and ints can be shifted");
        while (end < expression.Length)
        {
            int next = expression.IndexOfAny(['.', '+', '-'], end + 1);
            string step = next < 0 ? expression[end..] : expression[end..next];
            value = value.Step(step) ?? throw Wrong(expression, template, $"'{step}' is no step from a {value.Kind}");
            end += step.Length;
        }

        return value;
    }

    private static ArgumentException Wrong(string expression, string template, string why) =>
        new($"'{{{expression}}}' in '{template}' cannot be resolved: {why}.", nameof(template));
}

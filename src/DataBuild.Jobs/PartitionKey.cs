using System.Globalization;

namespace DataBuild.Jobs;

/// <summary>A ref and the values of its pattern's placeholders.</summary>
public sealed class PartitionKey
{
    private readonly IReadOnlyList<Placeholder> placeholders;
    private readonly string[] values;

    internal PartitionKey(string @ref, IReadOnlyList<Placeholder> placeholders, string[] values)
    {
        Ref = @ref;
        this.placeholders = placeholders;
        this.values = values;
    }

    /// <summary>The ref: <c>daily/2001-02-14</c>.</summary>
    public string Ref { get; }

    /// <summary>The names of the placeholders, in order.</summary>
    public IReadOnlyList<string> Names => [.. placeholders.Select(placeholder => placeholder.Name)];

    /// <summary>A placeholder's text, whatever its type.</summary>
    /// <param name="name">The placeholder's name.</param>
    /// <exception cref="ArgumentException">The pattern has no such placeholder.</exception>
    public string this[string name] => values[IndexOf(name)];

    /// <summary>The day of a <c>{date}</c>.</summary>
    /// <param name="name">The placeholder's name.</param>
    /// <exception cref="ArgumentException">The pattern has no such placeholder of that type.</exception>
    public DateOnly Date(string name = "date") =>
        DateOnly.ParseExact(Text(name, PlaceholderKind.Date), PlaceholderFormat.Date, CultureInfo.InvariantCulture);

    /// <summary>The month of a <c>{month}</c>.</summary>
    /// <param name="name">The placeholder's name.</param>
    /// <exception cref="ArgumentException">The pattern has no such placeholder of that type.</exception>
    public Month Month(string name = "month") =>
        Jobs.Month.Of(DateOnly.ParseExact(Text(name, PlaceholderKind.Month), PlaceholderFormat.Month, CultureInfo.InvariantCulture));

    /// <summary>The year of a <c>{year}</c>.</summary>
    /// <param name="name">The placeholder's name.</param>
    /// <exception cref="ArgumentException">The pattern has no such placeholder of that type.</exception>
    public int Year(string name = "year") => int.Parse(Text(name, PlaceholderKind.Year), CultureInfo.InvariantCulture);

    /// <summary>The beginning of the hour of an <c>{hour}</c>, in the time zone of the project (its kind is unspecified).</summary>
    /// <param name="name">The placeholder's name.</param>
    /// <exception cref="ArgumentException">The pattern has no such placeholder of that type.</exception>
    public DateTime Hour(string name = "hour") =>
        DateTime.ParseExact(Text(name, PlaceholderKind.Hour), PlaceholderFormat.Hour, CultureInfo.InvariantCulture);

    /// <summary>The number of a <c>{n:int}</c>.</summary>
    /// <param name="name">The placeholder's name.</param>
    /// <exception cref="ArgumentException">The pattern has no such placeholder of that type.</exception>
    public long Int(string name) => long.Parse(Text(name, PlaceholderKind.Int), CultureInfo.InvariantCulture);

    /// <summary>The value of a <c>{c:enum(red|blue)}</c> as a member of a C# enum, whatever the case of its letters.</summary>
    /// <param name="name">The placeholder's name.</param>
    /// <typeparam name="T">The enum.</typeparam>
    /// <exception cref="ArgumentException">The pattern has no such placeholder of that type, or the enum no such member.</exception>
    public T Enum<T>(string name)
        where T : struct, Enum =>
        System.Enum.Parse<T>(Text(name, PlaceholderKind.Enum), ignoreCase: true);

    /// <summary>The ref.</summary>
    public override string ToString() => Ref;

    internal Placeholder Placeholder(string name) => placeholders[IndexOf(name)];

    private string Text(string name, PlaceholderKind kind)
    {
        int index = IndexOf(name);
        return placeholders[index].Kind == kind
            ? values[index]
            : throw new ArgumentException($"The placeholder '{name}' of '{Ref}' is a {placeholders[index].Kind}, not a {kind}.", nameof(name));
    }

    private int IndexOf(string name)
    {
        for (int i = 0; i < placeholders.Count; i++)
        {
            if (placeholders[i].Name == name)
            {
                return i;
            }
        }

        throw new ArgumentException(
            $"'{Ref}' has no placeholder '{name}'; it has {(placeholders.Count == 0 ? "none" : string.Join(", ", Names))}.", nameof(name));
    }
}

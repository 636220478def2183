using DataBuild.Engine.Diagnostics;

namespace DataBuild.Engine.Graph;

/// <summary>A <see cref="TermText"/> whose name is known to be a value of some kind: computes one value, or a range of finer ones.</summary>
internal sealed class Term
{
    private readonly TermStep[] _steps;
    private readonly PlaceholderKind _from;

    private Term(string text, PlaceholderKind from, TermStep[] steps, PlaceholderKind kind, bool isRange)
    {
        Text = text;
        _from = from;
        _steps = steps;
        Kind = kind;
        IsRange = isRange;
    }

    public string Text { get; }

    /// <summary>Of what it computes.</summary>
    public PlaceholderKind Kind { get; }

    public bool IsRange { get; }

    /// <summary>True if it gives back the value as it is.</summary>
    public bool IsPlain => _steps.Length == 0;

    /// <summary>Throws <see cref="DataBuildException"/> where a kind has no such part or unit.</summary>
    public static Term Bind(TermText text, PlaceholderKind from)
    {
        var steps = new List<TermStep>();
        var kind = from;
        var isRange = false;
        foreach (var step in text.Steps)
        {
            if (isRange)
            {
                throw Wrong(text, "goes on after a range; put the shift before it, as in {month-1mo.days}");
            }

            if (step.Part is { } part)
            {
                (var to, isRange) = PartOf(text, kind, part);
                steps.Add(new TermStep(0, TimeUnit.None, to, isRange));
                kind = to;
            }
            else
            {
                var unit = UnitOf(text, step.Unit);
                if (!Calendar.Takes(kind, unit))
                {
                    throw Wrong(text, Units(kind) is { } units ? $"shifts {Describe(kind)} by '{step.Amount}{step.Unit}'; {units}" : $"shifts {Describe(kind)}, which cannot be shifted");
                }

                steps.Add(new TermStep(step.Amount, unit, null, false));
            }
        }

        return new Term(text.Text, from, [.. steps], kind, isRange);
    }

    /// <summary>What it computes from a number of its kind.</summary>
    public TermValue Evaluate(long number)
    {
        var kind = _from;
        foreach (var step in _steps)
        {
            if (step.To is not { } to)
            {
                if (Calendar.Add(kind, number, step.Amount, step.Unit) is not { } shifted)
                {
                    return new TermValue(0, 0, Math.Sign(step.Amount));
                }

                number = shifted;
            }
            else if (step.Refines)
            {
                var (first, last) = Calendar.Refine(kind, to, number);
                return new TermValue(first, last, 0);
            }
            else
            {
                number = Calendar.Coarsen(kind, to, number);
                kind = to;
            }
        }

        return new TermValue(number, number, 0);
    }

    internal static string Describe(PlaceholderKind kind) => kind switch
    {
        PlaceholderKind.String => "a string",
        PlaceholderKind.Int => "an int",
        PlaceholderKind.Date => "a date",
        PlaceholderKind.Month => "a month",
        PlaceholderKind.Year => "a year",
        PlaceholderKind.Hour => "an hour",
        PlaceholderKind.Enum => "an enum",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static (PlaceholderKind To, bool Refines) PartOf(TermText text, PlaceholderKind kind, string part) => (kind, part) switch
    {
        (PlaceholderKind.Hour, "date") => (PlaceholderKind.Date, false),
        (PlaceholderKind.Hour or PlaceholderKind.Date, "month") => (PlaceholderKind.Month, false),
        (PlaceholderKind.Hour or PlaceholderKind.Date or PlaceholderKind.Month, "year") => (PlaceholderKind.Year, false),
        (PlaceholderKind.Date or PlaceholderKind.Month or PlaceholderKind.Year, "hours") => (PlaceholderKind.Hour, true),
        (PlaceholderKind.Month or PlaceholderKind.Year, "days") => (PlaceholderKind.Date, true),
        (PlaceholderKind.Year, "months") => (PlaceholderKind.Month, true),
        _ => throw Wrong(text, Parts(kind) is { } parts ? $"asks for '.{part}' of {Describe(kind)}, which has {parts}" : $"asks for '.{part}' of {Describe(kind)}, which has no parts"),
    };

    private static string? Parts(PlaceholderKind kind) => kind switch
    {
        PlaceholderKind.Hour => ".date, .month and .year",
        PlaceholderKind.Date => ".month, .year and .hours",
        PlaceholderKind.Month => ".year, .days and .hours",
        PlaceholderKind.Year => ".months, .days and .hours",
        PlaceholderKind.Enum => ".all",
        _ => null,
    };

    private static TimeUnit UnitOf(TermText text, string unit) => unit switch
    {
        "" => TimeUnit.None,
        "h" => TimeUnit.Hour,
        "d" => TimeUnit.Day,
        "w" => TimeUnit.Week,
        "mo" => TimeUnit.Month,
        "y" => TimeUnit.Year,
        _ => throw Wrong(text, $"has the unit '{unit}'; use h, d, w, mo (months) or y"),
    };

    private static string? Units(PlaceholderKind kind) => kind switch
    {
        PlaceholderKind.Int => "give a plain number, as in {n-1}",
        PlaceholderKind.Hour => "use h, d, w, mo (months) or y",
        PlaceholderKind.Date => "use d, w, mo (months) or y",
        PlaceholderKind.Month => "use mo (months) or y",
        PlaceholderKind.Year => "use y",
        _ => null,
    };

    private static DataBuildException Wrong(TermText text, string problem) => new(Rules.WrongType, $"'{{{text.Text}}}' {problem}");

    /// <summary>A shift, or a step to another kind.</summary>
    private readonly record struct TermStep(long Amount, TimeUnit Unit, PlaceholderKind? To, bool Refines);
}

using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Graph;
using DataBuild.V1;
using PartitionSet = DataBuild.Engine.Graph.PartitionSet;

namespace DataBuild.Fuzz.Tests;

/// <summary>What people write into project files and onto command lines.</summary>
[Trait("Category", "Fuzz")]
public sealed class ExpressionTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private const int MostListed = 500;

    private static readonly DateTime today = new(2001, 3, 14);

    private static readonly string[] sets =
    [
        "day/{2001-01-01..2001-03-31}", "day/{today-30d..today}", "month/{2001-01..2001-12|2003-05}.html", "r/{us|eu}/{2001-01-01..2001-01-03}", "r/{region.all}/2001-01-01",
        "n/{0..999999}", "n/{0..9223372036854775807}", "s/{a|b|c}", "pair/{0001-01-01..9999-12-31}/{0001-01-01..9999-12-31}", "hour/{2001-01-01T00..today}", "one", "year/{today+1y..today+3y}",
        "s/{a|b}{a|b}{a|b}{a|b}{a|b}{a|b}{a|b}{a|b}{a|b}{2001-01-01|b|c}", new string('9', 20_000), "r/" + new string('x', 20_000) + "/{2001-01-01..2001-01-02}",
    ];

    private static readonly string[] setTokens =
        ["{", "}", "|", "..", "day/", "n/", "today", "today-1d", "+5mo", "-99999999999y", ".month", ".all", "region", "2001-01-01", "0001-01-01", "9999-12-31", "9223372036854775807", "1", "us", "{0..9}", "{a|b}"];

    private static readonly string[] patterns =
    [
        "a/{date}", "a/{from:date}/{to:date}", "{n:int}.csv", "x/{c:enum(red|blue)}-{s}", "r/{month}/{name}.html", "h{hour}", "y/{year}", "a/{s}b{t}c", "plain/text",
    ];

    private static readonly string[] patternTokens =
        ["{", "}", "{date}", "{month}", "{year}", "{hour}", "{n:int}", "{s}", "{c:enum(a|b)}", "{c:enum(", ":", "enum", "(", ")", "|", "/", ".", "a", "{x:date}", "{x:float}", "{date}{date}"];

    private static readonly string[] needs =
    [
        "day/{date}", "day/{date-6d..date}", "day/{date.month}", "day/{month.days}", "r/{region.all}/{date}", "in/{n}", "in/{n-1}", "n/{n+1}", "month/{date.month}.html", "hour/{date.hours}", "day/{today}", "n/{0..5}",
    ];

    private static readonly string[] needTokens =
        ["{", "}", "date", "month", "n", "region", ".all", ".days", ".hours", ".month", ".year", "-6d", "+1mo", "-1", "+99999999999", "..", "|", ";", "day/", "in/", "{n}", "{date}", "{0..999999999}"];

    private static readonly string[] durations = ["500ms", "30s", "10m", "6h", "7d", "2w", "0s"];

    private static readonly string[] commands =
        ["python3 job.py --fast", "sh -c 'echo $x; exit 3'", "\"a b\" c\\ d 'e\"f'", "a '' \"\"", "dotnet \"My Tool.dll\" \"\\$HOME\\\\\"", "a > b | c && d"];

    [Fact]
    public void A_set_is_refused_or_lists_counts_and_holds_the_same_refs_and_its_text_gives_it_again() => new Fuzz(output).Text(12_000, sets, setTokens, text =>
    {
        var set = PartitionSet.Parse(text.Split(';'), Projects.Graph, today);
        var listed = set.Enumerate().Take(MostListed).ToList();
        Assert.Equal(Math.Min(set.Count, MostListed), listed.Count);
        Assert.Equal(listed.Count, listed.Distinct(StringComparer.Ordinal).Count());
        Assert.All(listed, @ref => Assert.True(PartitionRef.TryValidate(@ref, out _) && set.Contains(@ref) && Projects.Graph.Find(@ref) is not null, @ref));

        var again = PartitionSet.Parse(set.Text, Projects.Graph, null);
        Assert.Equal((set.Count, set.ToString()), (again.Count, again.ToString()));
        Assert.Equal(listed, again.Enumerate().Take(MostListed));
    });

    [Fact]
    public void A_pattern_is_refused_or_is_its_text_and_refs_that_fit_it_are_formatted_back() => new Fuzz(output).Text(12_000, patterns, patternTokens, text =>
    {
        var pattern = PartitionPattern.Parse(text);
        Assert.Equal(text, pattern.ToString());
        Assert.Equal(Described(pattern), Described(PartitionPattern.Parse(pattern.Text)));
        foreach (string filled in Fillings(pattern))
        {
            if (PartitionRef.TryValidate(filled, out _) && pattern.TryMatch(filled, out var key))
            {
                Assert.Equal(filled, pattern.Format(key));
            }
        }
    });

    [Fact]
    public void Two_patterns_that_a_text_fits_both_are_always_found_to_overlap() => new Fuzz(output).Run(
        3_000,
        random => (One: Mutate.Text(random, patterns, patternTokens), Other: Mutate.Text(random, patterns, patternTokens)),
        pair =>
        {
            var (one, other) = (PartitionPattern.Parse(pair.One), PartitionPattern.Parse(pair.Other));
            string? shared = Fillings(one).Concat(Fillings(other))
                .FirstOrDefault(filled => PartitionRef.TryValidate(filled, out _) && one.TryMatch(filled, out _) && other.TryMatch(filled, out _));
            var document = new GraphDocument
            {
                Jobs = { new JobDefinition { Label = "make", Command = "make" } },
                Partitions = { new PartitionDefinition { Pattern = pair.One, Job = "make" }, new PartitionDefinition { Pattern = pair.Other, Job = "make" } },
            };
            var diagnostics = GraphCompiler.Compile(document).Diagnostics;
            if (shared is not null)
            {
                Assert.Contains(diagnostics, diagnostic => diagnostic.Code == Rules.PatternsOverlap.Code);
            }
        },
        pair => $"{Fuzz.Show(pair.One)} and {Fuzz.Show(pair.Other)}");

    [Fact]
    public void Needs_are_refused_or_are_valid_refs_bounded_in_number() => new Fuzz(output).Text(3_000, needs, needTokens, text =>
    {
        foreach (var (pattern, example) in ((string, string)[])
            [("p/{date}", "p/2001-02-28"), ("p/{month}", "p/9999-12"), ("p/{n:int}", "p/0"), ("p/{region:enum(us|eu|asia)}/{date}", "p/eu/0001-01-01"), ("p/{name}", "p/..x")])
        {
            var document = Projects.Document();
            document.Partitions.Add(new PartitionDefinition { Pattern = pattern, Job = "make", Needs = text });
            var compilation = GraphCompiler.Compile(document);
            Assert.All(compilation.Diagnostics, OneCodedLine);
            if (compilation.Graph?.Find(example) is { } family)
            {
                var refs = family.Needs(example);
                Assert.InRange(refs.Count, 0, 1_000_000);
                Assert.All(refs.Take(MostListed), need => Assert.DoesNotContain("../", need, StringComparison.Ordinal));
            }
        }
    });

    [Fact]
    public void A_duration_is_refused_or_between_nothing_and_a_century() => new Fuzz(output).Text(20_000, durations, ["ms", "s", "m", "h", "d", "w", "1", "999999999", "-", "."], text =>
    {
        if (Durations.TryParse(text, out var duration))
        {
            Assert.InRange(duration, TimeSpan.Zero, TimeSpan.FromDays(36_525));
            Assert.True(Durations.TryParse($"{duration.TotalMilliseconds:0}ms", out var again));
            Assert.Equal(duration, again);
        }
    });

    [Fact]
    public void A_command_line_is_refused_or_its_words_in_quotes_are_the_same_words() => new Fuzz(output).Text(20_000, commands, ["'", "\"", "\\", " ", "\t", "$", "`", "a", "''", ">", "&&"], text =>
    {
        var words = CommandLine.Split(text, "Command", out _);
        string quoted = string.Join(' ', words.Select(word => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
        Assert.Equal(words, CommandLine.Split(quoted, "Command", out string? shellOperator));
        Assert.Null(shellOperator);
    });

    private static string Described(PartitionPattern pattern) =>
        string.Join(' ', pattern.Placeholders.Select(placeholder => $"{placeholder.Name}:{placeholder.Kind}({string.Join('|', placeholder.Values)})"));

    /// <summary>Texts that fit the pattern, or nearly.</summary>
    private static List<string> Fillings(PartitionPattern pattern)
    {
        var parts = pattern.Parts.ToArray();
        var texts = new List<string>();
        foreach (string value in (ReadOnlySpan<string>)["2001-02-28", "2001-02", "2001", "2001-02-28T23", "0", "12", "red", "a", "x.y", "a-b", "bc"])
        {
            texts.Add(string.Concat(parts.Select(part => part.Literal ?? value)));
            texts.Add(string.Concat(parts.Select(part => part.Literal ?? Value(pattern.Placeholders[part.Placeholder], value))));
        }

        return texts;
    }

    private static string Value(Placeholder placeholder, string text) => placeholder.Kind switch
    {
        PlaceholderKind.Date => "2001-02-28",
        PlaceholderKind.Month => "2001-02",
        PlaceholderKind.Year => "2001",
        PlaceholderKind.Hour => "2001-02-28T23",
        PlaceholderKind.Int => "7",
        PlaceholderKind.Enum => placeholder.Values[0],
        _ => text,
    };

    private static void OneCodedLine(Diagnostic diagnostic)
    {
        Assert.StartsWith("DBLD", diagnostic.Code, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', diagnostic.Text);
    }
}

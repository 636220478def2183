using CsCheck;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Graph;

namespace DataBuild.Engine.Tests.Graph;

public sealed class PatternOverlapTests
{
    [Theory]
    [InlineData("a/{date}", "a/{day:date}", null)]
    [InlineData("a/{date}", "a/{name}", null)]
    [InlineData("a/{year}", "a/{n:int}", null)]
    [InlineData("a/{c:enum(x|y)}", "a/{d:enum(y|z)}", "a/y")]
    [InlineData("a/{c:enum(x|y)}", "a/x", "a/x")]
    [InlineData("a/{month}", "a/2001-{n:enum(13|12)}", "a/2001-12")]
    [InlineData("a/{date}", "a/{year}-02-{d:enum(29|30)}", null)]
    [InlineData("CO{a}", "{b}N", null)]
    [InlineData("{a}/x", "y/{b}", "y/x")]
    [InlineData("{a}.csv", "x{b}", null)]
    public void Patterns_that_share_a_ref_are_refused_with_such_a_ref(string one, string two, string? shared)
    {
        var text = Project.WithJob().Partition(one).Source(two).Fails(Rules.PatternsOverlap, "Source", two);
        var witness = text.Split("both match '")[1].Split('\'')[0];
        Assert.True(PartitionPattern.Parse(one).TryMatch(witness, out _), witness);
        Assert.True(PartitionPattern.Parse(two).TryMatch(witness, out _), witness);
        Assert.Equal(shared ?? witness, witness);
    }

    [Theory]
    [InlineData("a/{date}", "a/{month}")]
    [InlineData("a/{date}", "b/{date}")]
    [InlineData("a/{date}.csv", "a/{name}.txt")]
    [InlineData("a/{date}", "a/2001-02-30")]
    [InlineData("a/{date}", "a/{year}-02-{d:enum(30|31)}")]
    [InlineData("a/{n:int}", "a/0{m:int}")]
    [InlineData("a/{n:int}", "a/x{m:int}")]
    [InlineData("a/{c:enum(x|y)}", "a/{d:enum(v|w)}")]
    [InlineData("{a}/x", "{b}/y")]
    [InlineData("a/{x}/b", "a/{y}/c/d")]
    [InlineData("LPT{n:int}", "{s}T1")]
    public void Patterns_that_share_no_ref_are_accepted(string one, string two) =>
        Project.WithJob().Partition(one).Partition(two).Compile();

    [Fact]
    public void A_pattern_declared_twice_is_refused_once()
    {
        var text = Project.WithJob().Job("other").Partition("a/{date}").Partition("a/{date}", job: "other").Fails(Rules.PatternsOverlap, "Partition", "a/{date}");
        Assert.Contains("by job make and job other", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("A/{date}", "a/{date}", "a/", "A/")]
    [InlineData("x/{c:enum(A|B)}", "x/{d:enum(b|c)}", "x/b", "x/B")]
    [InlineData("{s}X", "{t}x", "x'", "X'")]
    [InlineData("É/{n:int}", "é/{n:int}", "é/", "É/")]
    public void Refs_that_differ_only_in_case_are_refused_and_both_shown(string one, string two, string first, string second)
    {
        var text = Project.WithJob().Partition(one).Partition(two).Fails(Rules.RefsDifferInCase, "Partition", two);
        Assert.Contains(first, text, StringComparison.Ordinal);
        Assert.Contains(second, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a/b", "a/b/c")]
    [InlineData("a/{date}", "a/{date}/{n:int}")]
    [InlineData("a/{x}", "a/b/c/d")]
    [InlineData("{x}", "a/{date}")]
    [InlineData("A/b", "a/B/c")]
    public void A_pattern_whose_refs_lie_below_anothers_is_refused_with_such_refs(string upper, string lower)
    {
        foreach (var project in new[] { Project.WithJob().Partition(upper).Partition(lower), Project.WithJob().Partition(lower).Partition(upper) })
        {
            var text = project.Fails(Rules.RefBelowRef, "Partition", project.Document.Partitions[1].Pattern);
            var lowerRef = text.Split("the ref '")[1].Split('\'')[0];
            var upperRef = text.Split("lies below '")[1].Split('\'')[0];
            Assert.StartsWith(upperRef + "/", lowerRef, StringComparison.OrdinalIgnoreCase);
            Assert.True(PartitionPattern.Parse(upper).TryMatch(upperRef, out _), upperRef);
            Assert.True(PartitionPattern.Parse(lower).TryMatch(lowerRef, out _), lowerRef);
        }
    }

    [Fact]
    public void Each_of_many_overlapping_patterns_is_reported_once()
    {
        var project = Project.WithJob();
        for (var i = 0; i < 30; i++)
        {
            project.Partition("a/{name}");
        }

        Assert.Equal(29, GraphCompiler.Compile(project.Document).Diagnostics.Count);
    }

    [Trait("Category", "Slow")]
    [Fact]
    public void A_ref_that_two_patterns_match_is_always_reported_and_a_reported_ref_always_matches_both()
    {
        Gen.Select(Gens.PatternAndRef, Gens.PatternAndRef).Sample(
            (one, two) =>
            {
                var project = Project.WithJob().Partition(one.Pattern.Text).Partition(two.Pattern.Text);
                var found = GraphCompiler.Compile(project.Document).Diagnostics;
                var shared = one.Pattern.TryMatch(two.Ref, out _) || two.Pattern.TryMatch(one.Ref, out _);
                if (shared)
                {
                    Assert.Equal(Rules.PatternsOverlap.Code, Assert.Single(found).Code);
                }

                if (found.Count == 1 && found[0].Text.Contains("both match '", StringComparison.Ordinal))
                {
                    var witness = found[0].Text.Split("both match '")[1].Split('\'')[0];
                    Assert.True(one.Pattern.TryMatch(witness, out _) && two.Pattern.TryMatch(witness, out _), witness);
                }

                if (IsBelow(one.Ref, two.Pattern) || IsBelow(two.Ref, one.Pattern))
                {
                    Assert.NotEmpty(found);
                }
            },
            iter: 2_000);
    }

    [Fact]
    public void The_search_for_a_shared_text_agrees_with_trying_every_short_text()
    {
        var letters = "aA1-";
        List<string> texts = [""];
        for (var length = 1; length <= 5; length++)
        {
            texts.AddRange(texts.Where(text => text.Length == length - 1).SelectMany(text => letters.Select(c => text + c)).ToList());
        }

        var pieces = Gen.OneOf("a", "A", "1", "-", "{s}", "{n:int}", "{e:enum(a|aa|1)}");
        var segment = Gen.Select(pieces, pieces).Select((first, second) => first == second || (first[0] == '{' && second[0] == '{') ? first : first + second);
        Gen.Select(segment, segment).Sample(
            (one, two) =>
            {
                var (first, second) = (PartitionPattern.Parse(one), PartitionPattern.Parse(two));
                var exact = texts.Exists(text => first.TryMatch(text, out _) && second.TryMatch(text, out _));
                Assert.Equal(exact, SegmentProduct.Find(Shape(one), Shape(two), fold: false) is not null);
                var folded = texts.Exists(text => first.TryMatch(text, out _) && texts.Exists(other => text.Equals(other, StringComparison.OrdinalIgnoreCase) && second.TryMatch(other, out _)));
                Assert.Equal(folded, SegmentProduct.Find(Shape(one), Shape(two), fold: true) is not null);
            },
            iter: 60);
    }

    [Fact]
    public void The_calendar_as_an_automaton_knows_each_day_and_no_other_text()
    {
        foreach (var kind in new[] { PlaceholderKind.Year, PlaceholderKind.Month, PlaceholderKind.Date, PlaceholderKind.Hour })
        {
            var automaton = Shape($"{{x:{kind.ToString().ToLowerInvariant()}}}").Automaton(fold: false);
            var digit = Gen.OneOf([.. "0123456789-T"]);
            Gen.Select(Gen.Long[Calendar.Min(kind), Calendar.Max(kind)], Gen.Int[0, 12], digit).Sample(
                (number, at, c) =>
                {
                    var text = ValueText.Format(kind, number).ToCharArray();
                    Assert.True(Accepts(automaton, text));
                    text[at % text.Length] = c;
                    Assert.Equal(ValueText.TryParse(kind, text, out _), Accepts(automaton, text));
                },
                iter: 1_000);
        }
    }

    private static bool Accepts(SegmentAutomaton automaton, char[] text)
    {
        var state = automaton.Start;
        foreach (var c in text)
        {
            var edges = automaton.Edges(state).Where(edge => edge.Character == c).ToList();
            if (edges.Count == 0)
            {
                return false;
            }

            state = Assert.Single(edges).Target;
        }

        return automaton.Accepts(state);
    }

    private static bool IsBelow(string @ref, PartitionPattern pattern)
    {
        for (var slash = @ref.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = @ref.IndexOf('/', slash + 1))
        {
            if (PartitionRef.TryValidate(@ref, out _) && pattern.TryMatch(@ref.AsSpan(0, slash), out _))
            {
                return true;
            }
        }

        return false;
    }

    private static SegmentShape Shape(string pattern) => Assert.Single(SegmentShape.Of(PartitionPattern.Parse(pattern)));
}

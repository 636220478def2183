using CsCheck;
using DataBuild.Engine.Graph;

namespace DataBuild.Engine.Tests.Graph;

public sealed class PartitionRefTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("delays/daily/2001-01-05")]
    [InlineData("report/2001-01.html")]
    [InlineData("a b/c,d=e+f@g(h)[i]~%&!#$'^`")]
    [InlineData("über/日本/😀")]
    [InlineData(".hidden/..x/x..y/...x")]
    [InlineData("sub/.databuild")]
    [InlineData("CONSOLE/COMMON/COM10/LPT/NULL/CONIN")]
    public void An_ordinary_ref_is_accepted(string text)
    {
        Assert.True(PartitionRef.TryValidate(text, out var problem));
        Assert.Equal("", problem);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("/etc/passwd", "empty segment")]
    [InlineData("a/", "empty segment")]
    [InlineData("a//b", "empty segment")]
    [InlineData(".", "'.'")]
    [InlineData("..", "'..'")]
    [InlineData("a/../../b", "'..'")]
    [InlineData("a/./b", "'.'")]
    [InlineData("a\\..\\b", "backslash")]
    [InlineData("a\nb", "control")]
    [InlineData("a\0b", "control")]
    [InlineData("a\u0085b", "control")]
    [InlineData("C:/windows", "characters")]
    [InlineData("a/b:stream", "characters")]
    [InlineData("a*", "characters")]
    [InlineData("a?", "characters")]
    [InlineData("a\"b", "characters")]
    [InlineData("a|b", "characters")]
    [InlineData("<a>", "characters")]
    [InlineData("{date}", "characters")]
    [InlineData("a;b", "characters")]
    [InlineData("a./b", "dot")]
    [InlineData("a /b", "space")]
    [InlineData("...", "dot")]
    [InlineData("x/con", "device")]
    [InlineData("x/NUL.txt", "device")]
    [InlineData("x/com1.a.b", "device")]
    [InlineData("x/LPT\u00b9", "device")]
    [InlineData("x/aux .txt", "device")]
    [InlineData(".databuild/log", "the engine keeps")]
    [InlineData(".DataBuild", "the engine keeps")]
    public void A_ref_that_a_file_system_cannot_hold_or_that_could_leave_the_data_root_is_refused(string text, string why)
    {
        Assert.False(PartitionRef.TryValidate(text, out var problem));
        Assert.Contains(why, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_no_text()
    {
        Assert.False(PartitionRef.TryValidate("a\ud83d\ude00/\ude00b", out var problem));
        Assert.Contains("surrogate", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ref_has_at_most_1024_bytes_of_utf8_and_a_segment_255()
    {
        static string Text(int bytes) => string.Join('/', Enumerable.Repeat(new string('a', 99), 11))[..bytes];

        Assert.True(PartitionRef.TryValidate(Text(1024), out _));
        Assert.False(PartitionRef.TryValidate(Text(1025), out var tooLong));
        Assert.Contains("1,024", tooLong, StringComparison.Ordinal);
        Assert.True(PartitionRef.TryValidate(new string('a', 255), out _));
        Assert.False(PartitionRef.TryValidate(new string('a', 256), out _));
        Assert.True(PartitionRef.TryValidate(new string('ä', 127), out _));
        Assert.False(PartitionRef.TryValidate(new string('ä', 128), out var segment));
        Assert.Contains("255", segment, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ref_may_not_leave_the_data_root()
    {
        var root = Path.GetFullPath(Path.Combine(Path.GetTempPath(), "data"));
        Gens.HostileText.Sample(
            text =>
            {
                if (PartitionRef.TryValidate(text, out _))
                {
                    var full = Path.GetFullPath(Path.Combine(root, text));
                    Assert.StartsWith(root + Path.DirectorySeparatorChar, full, StringComparison.Ordinal);
                    Assert.Equal(text.Length, full.Length - root.Length - 1);
                }
            },
            iter: 20_000);
    }

    [Fact]
    public void The_rules_of_a_segment_and_their_automaton_agree()
    {
        Gens.HostileSegment.Sample(
            segment =>
            {
                foreach (var first in new[] { true, false })
                {
                    var names = first ? SegmentNames.First : SegmentNames.Later;
                    var state = SegmentNames.Start;
                    foreach (var c in segment)
                    {
                        state = SegmentNames.IsDead(state) ? state : names.Next(state, c);
                    }

                    Assert.Equal(PartitionRef.CheckSegment(segment, first) == RefFlaw.None, names.Accepts(state));
                }
            },
            iter: 20_000);
    }
}

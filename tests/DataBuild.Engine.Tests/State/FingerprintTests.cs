using DataBuild.Engine.State;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Engine.Tests.State;

/// <summary>What is the same content, and the same job.</summary>
public sealed class FingerprintTests
{
    [Fact]
    public void Only_the_fingerprint_that_is_all_zero_is_none()
    {
        Assert.True(new Fingerprint(0, 0).IsNone);
        Assert.False(new Fingerprint(0, 1).IsNone);
        Assert.False(new Fingerprint(1, 0).IsNone);
        Assert.True(Fingerprint.From(new byte[15]).IsNone);
        Assert.Equal(new Fingerprint(1, 2), Fingerprint.From(new Fingerprint(1, 2).ToByteString()));
        Assert.Equal(("none", "00000000000000010000000000000002"), (Fingerprint.None.ToString(), new Fingerprint(1, 2).ToString()));
        Assert.False(Fingerprint.None.TryWrite(new byte[Fingerprint.Size]));
        Assert.Empty(Fingerprint.None.ToByteString());
    }

    [Theory]
    [InlineData(new byte[] { 1, 2 }, new byte[] { 1, 3 }, true)]
    [InlineData(new byte[] { 1, 2 }, new byte[] { 2, 2 }, false)]
    [InlineData(new byte[] { 1 }, new byte[0], false)]
    [InlineData(new byte[0], new byte[] { 1 }, false)]
    public void Fingerprints_of_another_scheme_say_nothing_of_a_change(byte[] one, byte[] other, bool comparable) =>
        Assert.Equal(comparable, Version(one).IsComparableTo(Version(other)));

    [Theory]
    [InlineData("a b c", "a b c", "fingerprint")]
    [InlineData("a b c", "a B c", "b")]
    [InlineData("a b", "a b c", "c")]
    [InlineData("a b c d", "a", "b, c, d")]
    [InlineData("a b c d", "", "a, b, c and 1 more")]
    public void What_differs_between_two_versions_of_a_job_is_named(string one, string other, string difference)
    {
        Assert.Equal(difference, Version([1], one).DifferenceTo(Version([1], other)));
        Assert.Equal(difference, Version([1], other).DifferenceTo(Version([1], one)));
    }

    /// <summary>A part is a name; one in capitals has other content.</summary>
    private static JobVersion Version(byte[] fingerprint, string parts = "")
    {
        var job = new JobFingerprint { Job = "a", Fingerprint = ByteString.CopyFrom(fingerprint) };
        job.Parts.AddRange(parts.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(part => new FingerprintPart { Name = part.ToLowerInvariant(), Fingerprint = ByteString.CopyFromUtf8(part) }));
        return new JobVersion(0, job, 1);
    }
}

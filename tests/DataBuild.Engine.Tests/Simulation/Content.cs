using System.IO.Hashing;
using System.Text;
using DataBuild.Engine.Ports;
using DataBuild.Engine.State;

namespace DataBuild.Engine.Tests.Simulation;

/// <summary>The bytes of a partition or source, as a short text.</summary>
internal static class Content
{
    public static Fingerprint Fingerprint(string content) => Engine.State.Fingerprint.From(XxHash128.Hash(Encoding.UTF8.GetBytes(content)));

    public static ulong Stamp(string content) => XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(content));

    public static FileObservation Observe(string? content) => content is null
        ? FileObservation.Absent
        : new FileObservation(true, false, Fingerprint(content).ToByteString().ToByteArray(), Stamp(content), content.Length);
}

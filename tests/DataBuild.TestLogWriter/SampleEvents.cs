using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DataBuild.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.TestLogWriter;

/// <summary>Events that follow from a number, so that two processes agree on what must be at an offset.</summary>
public static class SampleEvents
{
    public static BuildEvent Numbered(ulong number)
    {
        var text = number.ToString(CultureInfo.InvariantCulture);
        return new()
        {
            Timestamp = new Timestamp { Seconds = 1_700_000_000 + (long)number },
            JobRunQueue = new()
            {
                RunId = $"01890000-0000-7000-8000-{number:x12}",
                Job = "job" + (number % 7).ToString(CultureInfo.InvariantCulture),
                Partitions = { new RunPartition { Ref = "delays/daily/" + text, Attempt = 1 } },
                WantIds = { "want" + (number % 3).ToString(CultureInfo.InvariantCulture) },
                JobFingerprint = ByteString.CopyFrom(SHA256.HashData(Encoding.UTF8.GetBytes(text))),
                Term = 1,
            },
        };
    }
}

using System.Globalization;
using DataBuild.Engine.Diagnostics;
using DataBuild.Tasks.Engine;
using DataBuild.V1;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Tasks.Authoring;

/// <summary>The properties that are numbers, durations or words to the engine; everything else it gets as written.</summary>
internal sealed class RequestProperties(AuthoringReport report)
{
    public EngineRequest Read(CompileGraph task)
    {
        if (task.Mode is not ("run" or "plan" or "off"))
        {
            Invalid("DataBuildMode", task.Mode, "run, plan or off");
        }

        var request = new EngineRequest
        {
            ProtocolVersion = EngineContract.Version,
            Parallelism = (int)Number("DataBuildParallelism", task.Parallelism, 0, 10_000),
            MaxRebuilds = Number("DataBuildMaxRebuilds", task.MaxRebuilds, -1, long.MaxValue),
            MaxWait = Duration.FromTimeSpan(Time("DataBuildMaxWait", task.MaxWait)),
            ExpectUpToDate = Truth("DataBuildExpectUpToDate", task.ExpectUpToDate),
            ReportRuns = true,
            Cluster = new ClusterSettings
            {
                SlurmMaxJobs = (int)Number("DataBuildSlurmMaxJobs", task.SlurmMaxJobs, 1, 1_000_000),
                SlurmInterval = Duration.FromTimeSpan(Time("DataBuildSlurmInterval", task.SlurmInterval, mayBeZero: false)),
                SlurmArraySize = (int)Number("DataBuildSlurmArraySize", task.SlurmArraySize, 0, 1_000_000),
                UnknownTimeout = Duration.FromTimeSpan(Time("DataBuildUnknownTimeout", task.UnknownTimeout, mayBeZero: false)),
            },
        };

        // Read by whoever starts the engine; wrong ones are better said before anything is started.
        _ = Number("DataBuildMirrorLimit", task.MirrorLimit, 0, int.MaxValue);
        _ = Time("DataBuildCancelTimeout", task.CancelTimeout);
        _ = Truth("DataBuildCiAnnotations", task.CiAnnotations);
        request.Wants.AddRange(task.WantedSets.Split(';').Select(set => set.Trim()).Where(set => set.Length > 0));
        return request;
    }

    private long Number(string property, string text, long least, long most)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        var range = most == long.MaxValue
            ? $"a whole number from {least.ToString(CultureInfo.InvariantCulture)} on"
            : $"a whole number from {least.ToString(CultureInfo.InvariantCulture)} to {most.ToString(CultureInfo.InvariantCulture)}";
        Invalid(property, text, range + ", such as 8");
        return 0;
    }

    private bool Truth(string property, string text)
    {
        if (text.Length == 0 || bool.TryParse(text, out _))
        {
            return text.Length > 0 && bool.Parse(text);
        }

        Invalid(property, text, "true or false");
        return false;
    }

    private TimeSpan Time(string property, string text, bool mayBeZero = true)
    {
        if (Durations.TryParse(text, out var time) && (mayBeZero || time > TimeSpan.Zero))
        {
            return time;
        }

        Invalid(property, text, $"a {(mayBeZero ? "" : "positive ")}number with a unit and at most 100 years, such as 30s, 10m or 6h");
        return TimeSpan.Zero;
    }

    private void Invalid(string property, string text, string wanted) =>
        report.Add(Rules.InvalidProperty, $"property {property} is '{text}'; it must be {wanted}", new Origin { Include = property });
}

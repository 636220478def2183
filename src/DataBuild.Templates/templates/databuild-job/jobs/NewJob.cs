using DataBuild.Jobs;

namespace Pipeline;

/// <summary>Makes newjob/{date}.</summary>
static class NewJob
{
    public static void Make(PartitionKey key, PartitionIO io)
    {
        // What it reads, it asks for: io.Input("daily/{date}.csv") is a path, and what is not there yet is made first.
        File.WriteAllLines(io.Output(), [$"{key.Date():yyyy-MM-dd} is a {key.Date().DayOfWeek}"]);
    }
}

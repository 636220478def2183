namespace DataBuild.Jobs.Tests;

/// <summary>The C# of docs/jobs.md, word for word; <see cref="DocsTests"/> compares and runs it.</summary>
internal static class DocsExamples
{
    public static class OneByOne
    {
        public static void Define(JobSet jobs) => jobs
            .Add("clean", "clean/{date}", async (key, io) =>
            {
                string[] lines = await File.ReadAllLinesAsync(io.Input("raw/{date}"));
                if (lines.Length == 0)
                {
                    throw new PartitionFailedException($"no line on {key.Date():yyyy-MM-dd}");
                }

                await File.WriteAllLinesAsync(io.Output(), lines.Where(line => line.Length > 0));
                io.Describe("lines", lines.Length);
            })
            .Add("month", "month/{month}", (key, io) =>
            {
                IReadOnlyList<string> days = io.Inputs("clean/{month.days}");
                File.WriteAllLines(io.Output(), days.SelectMany(File.ReadLines));
            });
    }

    public static class AllAtOnce
    {
        public static void Define(JobSet jobs) => jobs
            .AddBatch("split", "split/{n:int}", async batch =>
            {
                string[] lines = await File.ReadAllLinesAsync(batch[0].Input("all"));
                await batch.ForEachAsync((key, io) =>
                {
                    io.Input("all");
                    return File.WriteAllTextAsync(io.Output(), lines[key.Int("n")]);
                });
            });
    }
}

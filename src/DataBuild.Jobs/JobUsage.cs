using System.Text;

namespace DataBuild.Jobs;

/// <summary>What a job says when somebody starts it as an ordinary program.</summary>
internal static class JobUsage
{
    public static string Text(string program, JobSet jobs, string why)
    {
        var text = new StringBuilder();
        text.Append($"{program} is a DataBuild job and was not called as one: {why}.\n");
        text.Append("The engine calls it as `PROGRAM [ARGUMENTS] REF...`. By hand, from the folder of the .dbproj:\n\n");
        if (jobs.Handlers.Count > 0)
        {
            JobHandler first = jobs.Handlers[0];
            text.Append($"  DATABUILD_DATA_ROOT=data DATABUILD_OUTPUT_ROOT=/tmp/out {program} {first.Name} {first.Pattern.Example}\n\n");
        }

        text.Append("DATABUILD_DATA_ROOT is where partitions are read, DATABUILD_OUTPUT_ROOT where the refs are written; DATABUILD_SOURCES_FILE may\n");
        text.Append("""name a JSON file that says where sources are, {"csv/2001-02": "/full/path.csv"}. Messages then go to standard error.""");
        text.Append("\nIts jobs:\n");
        foreach (JobHandler handler in jobs.Handlers)
        {
            text.Append($"  {handler.Name,-12} {handler.Pattern.Text}\n");
        }

        return text.ToString();
    }
}

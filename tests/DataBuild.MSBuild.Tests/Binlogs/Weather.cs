namespace DataBuild.MSBuild.Tests.Binlogs;

/// <summary>A project with two jobs, one of which points at places in its own file, and fails where it reads so.</summary>
internal static class Weather
{
    public const string Project = """
        <Project Sdk="DataBuild.Sdk">
          <ItemGroup>
            <Job Include="daily" Command="sh jobs/daily.sh" />
            <Job Include="weekly" Command="sh jobs/weekly.sh" />
            <Source Include="raw/{date}" Path="raw/{date}.csv" />
            <Partition Include="daily/{date}" Job="daily" Needs="raw/{date}" />
            <Partition Include="weekly/{date}" Job="weekly" Needs="daily/{date}" />
            <Want Include="weekly/{2001-01-01..2001-01-03}" />
          </ItemGroup>
        </Project>
        """;

    private const string Daily = """
        for ref in "$@"; do
          day=${ref#daily/}
          echo "jobs/daily.sh(7,3): warning X1: a strange value"
          if grep -q bad "raw/$day.csv"; then echo "a bad value on $day" >&2; exit 3; fi
          cp "raw/$day.csv" "$DATABUILD_OUTPUT_ROOT/$ref"
        done
        """;

    public static void Write(Sandbox sandbox, string folder, string name)
    {
        sandbox.Write($"{folder}{name}.dbproj", Project);
        sandbox.Write($"{folder}jobs/daily.sh", Daily);
        sandbox.Write($"{folder}jobs/weekly.sh", """for ref in "$@"; do cp "$DATABUILD_DATA_ROOT/daily/${ref#weekly/}" "$DATABUILD_OUTPUT_ROOT/$ref"; done""");
        foreach (int day in (int[])[1, 2, 3])
        {
            sandbox.Write($"{folder}raw/2001-01-0{day}.csv", $"{day}\n");
        }
    }
}

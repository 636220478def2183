using DataBuild.Engine.Hosting.Queries;
using DataBuild.V1;

namespace DataBuild.Cli.Tests.Planning;

/// <summary>A project that was built, its log's backup, and a checkout of the same project on a machine without log and data.</summary>
internal sealed class Production : IDisposable
{
    private readonly Project built;

    public Production(Func<Project>? make = null)
    {
        make ??= () => Project.Small();
        built = make();
        Assert.Equal(BuildOutcome.Built, built.Build().Outcome);
        Backup = Path.Combine(built.Folder, "backup.db");
        BackUp();
        Change = make();
    }

    public string Backup { get; }

    /// <summary>The log itself, as the last build left it.</summary>
    public string Log => built.Log;

    public Project Built => built;

    /// <summary>Where the change is made.</summary>
    public Project Change { get; }

    public void BackUp() => LogCopies.Backup(new LogPlace(built.Log, Path.GetDirectoryName(built.Log)!, built.Folder), Backup, replace: true);

    public Answer Plan(string log, params string[] arguments) => Change.Make(Change.StubDotnet(), ["plan", "--log", log, .. arguments]);

    public LogPlan Planned(string log, params string[] arguments) => Plan(log, [.. arguments, "--json"]).Succeeded().As<LogPlan>();

    public void Dispose()
    {
        built.Dispose();
        Change.Dispose();
    }
}

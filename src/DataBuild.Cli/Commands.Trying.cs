using System.CommandLine;
using DataBuild.Cli.Verbs.Trying;

namespace DataBuild.Cli;

/// <summary>Verbs that run jobs without effect: nothing is published, nothing is logged.</summary>
internal static partial class Commands
{
    private static Command[] Trying() => [Try(), Verify()];

    private static Command Try()
    {
        var reference = new Argument<string>("REF") { Description = "A partition; it need not be wanted." };
        var print = new Option<bool>("--print") { Description = "Print the command line and environment for bash, and run nothing." };
        var keep = new Option<bool>("--keep") { Description = "Keep what the job wrote; where it did not end well that is kept in any case." };
        var properties = Properties();
        var command = new Command("try", "Run the job of one partition here and now, in a scratch folder.") { reference, print, keep, properties };
        command.SetAction((parsed, _) => new TryVerb(parsed.GetValue(json)).RunAsync(
            Places.Project(parsed.GetValue(project)), parsed.GetRequiredValue(reference), parsed.GetValue(print), parsed.GetValue(keep), [.. Chosen(parsed).Properties, .. parsed.GetValue(properties) ?? []]));
        return command;
    }

    private static Command Verify()
    {
        var set = new Argument<string>("REF-SET") { Description = "Partitions; those of them that are live are verified." };
        var jobs = Positive("--jobs", "At most so many runs at one time; else as many as the project builds with.");
        var limit = Positive("--limit", "At most so many partitions; 1,000 unless said.");
        var properties = Properties();
        var command = new Command("verify", "Run jobs twice in scratch folders, and compare the bytes with each other and with what is live.") { set, jobs, limit, properties };
        command.SetAction((parsed, _) => new VerifyVerb(parsed.GetValue(json)).RunAsync(
            Places.Project(parsed.GetValue(project)), parsed.GetRequiredValue(set), parsed.GetValue(jobs) ?? 0, parsed.GetValue(limit) ?? 1_000, [.. Chosen(parsed).Properties, .. parsed.GetValue(properties) ?? []]));
        return command;
    }

    private static Option<string[]> Properties() =>
        new("--property", "-p") { Description = "A property, as for dotnet build; may be repeated.", HelpName = "NAME=VALUE" };

    private static Option<int?> Positive(string name, string description)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() < 1)
            {
                result.AddError($"{name} is a number from 1 on");
            }
        });
        return option;
    }
}

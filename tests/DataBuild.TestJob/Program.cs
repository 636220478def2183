using DataBuild.TestJob;

return Script.Parse(args) is { } script ? new Job(script.Refs).Run(script.Steps) : Script.PrintHelp();

using DataBuild.Engine.Hosting.Queries;
using DataBuild.Engine.Hosting.Serving;

namespace DataBuild.Cli.Verbs;

/// <summary>`serve --new-token`: the one before is good for nothing from here on.</summary>
internal static class NewTokenVerb
{
    public static int Run(LogPlace place)
    {
        Directory.CreateDirectory(place.StateDirectory);
        Console.Out.WriteLine($"token: {ServiceToken.Make(place.StateDirectory)}");
        Console.Out.WriteLine("It is shown this once. Callers send it as the header Authorization: Bearer TOKEN.");
        return ExitCodes.Success;
    }
}

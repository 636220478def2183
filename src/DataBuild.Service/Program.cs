using DataBuild.Cli;
using DataBuild.Service;

try
{
    ServiceProgram.Api = ApiHost.StartAsync;
    return await Tool.RunAsync(args);
}
#pragma warning disable CA1031 // The last resort: whatever it is, it is a bug, and is said to be one.
catch (Exception e)
{
    await Console.Error.WriteLineAsync($"internal error, please report: {e}");
    return ExitCodes.InternalError;
}
#pragma warning restore CA1031

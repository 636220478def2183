using System.CommandLine;
using DataBuild.Engine.Diagnostics;

namespace DataBuild.Cli.Remote;

/// <summary>Which service is asked, if one is: by the option, else by the environment unless the call names a project or log of its own.</summary>
internal static class Server
{
    public const string AddressVariable = "DATABUILD_SERVER";
    public const string TokenVariable = "DATABUILD_TOKEN";

    public static Option<string?> Option { get; } = new("--server")
    {
        Description = $"Ask this service over the network, and not the log: http://HOST:PORT; else the environment variable {AddressVariable}. Its token is taken from {TokenVariable}.",
        HelpName = "URL",
        Recursive = true,
    };

    /// <summary>Null to ask the log here.</summary>
    /// <param name="parsed">The call.</param>
    /// <param name="own">Options by which a call names what is here.</param>
    public static Uri? Of(ParseResult parsed, params ReadOnlySpan<Option<string?>> own)
    {
        string? text = parsed.GetValue(Option);
        string source = "--server";
        if (text is null)
        {
            foreach (var option in own)
            {
                if (parsed.GetValue(option) is not null)
                {
                    return null;
                }
            }

            (text, source) = (Environment.GetEnvironmentVariable(AddressVariable), AddressVariable);
            if (string.IsNullOrEmpty(text))
            {
                return null;
            }
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address is { PathAndQuery: "/", Fragment: "", UserInfo: "" }
            ? address
            : throw new DataBuildException(Rules.BadServerAddress, $"{source} is '{text}', which is no address of a service; write http://HOST:PORT, as the service says it when it starts");
    }
}

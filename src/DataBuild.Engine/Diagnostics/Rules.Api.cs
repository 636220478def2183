using DataBuild.V1;

namespace DataBuild.Engine.Diagnostics;

/// <summary>701x and 702x: what the service says to those who ask it over the network.</summary>
public static partial class Rules
{
    public static readonly DiagnosticRule BadRequest = new(
        "DBLD7010", Severity.Error, "Malformed request",
        "A request to the service has a field with a value that it cannot have.",
        "Send what the message asks for; /openapi/v1.json describes each request.");

    public static readonly DiagnosticRule BadPageToken = new(
        "DBLD7011", Severity.Error, "Unknown page token",
        "A page token is none that the service gave, or belongs to a request with other arguments.",
        "Ask with the arguments of the page before and its next_page_token, or from the first page on.");

    public static readonly DiagnosticRule NoIdempotencyKey = new(
        "DBLD7012", Severity.Error, "A write without a key",
        "A request that changes something has no command_id, or one that is no key.",
        "Send a command_id, or over HTTP the header Idempotency-Key: 1 to 100 letters, digits, '-', '_' and '.', a new one for each command.");

    public static readonly DiagnosticRule KeyUsedBefore = new(
        "DBLD7013", Severity.Error, "The key of another command",
        "A command came under the key of another one.",
        "Use a new key for each command, and the same one only to send the same command again.");

    public static readonly DiagnosticRule ServiceNotReady = new(
        "DBLD7014", Severity.Error, "The service takes no commands now",
        "The service is starting, ending, or has met an error (a full disk, a data root that is not there) after which it begins again.",
        "Send it again under the same key when /readyz answers with 200; what stands in the way is said there and by the service itself.");

    public static readonly DiagnosticRule ServiceBusy = new(
        "DBLD7015", Severity.Error, "The service has too much to do",
        "More questions, commands or streams are under way than the service takes at a time.",
        "Ask again in a moment, and end streams that nobody reads.");

    public static readonly DiagnosticRule FellBehind = new(
        "DBLD7016", Severity.Error, "A watcher fell behind",
        "A caller of WatchEvents read so slowly that too many events were stored which it had not been told of, or the log it followed has been replaced.",
        "Watch again from the offset that the message names, or from a new snapshot.");

    public static readonly DiagnosticRule NotAuthorized = new(
        "DBLD7017", Severity.Error, "No token, or a wrong one",
        "A service that listens beyond this machine was asked without its token.",
        "Send the header Authorization: Bearer TOKEN with what the service showed at its first start; `databuild serve --new-token` makes a new one.");

    public static readonly DiagnosticRule ForeignOrigin = new(
        "DBLD7018", Severity.Error, "Asked by another site",
        "A request names a host that is not this service, or comes from a page of another site: so would one that a browser was tricked into.",
        "Ask it by its address, as the service says it, and not from a page of a browser.");

    public static readonly DiagnosticRule CannotListen = new(
        "DBLD7019", Severity.Error, "The service cannot listen",
        "The port is taken, or the address is none of this machine.",
        "Choose another one with --port and --listen; --port 0 takes one that is free.");

    public static readonly DiagnosticRule NoServiceProgram = new(
        "DBLD7020", Severity.Error, "The service's program is missing",
        "`serve --port` runs DataBuild.Service.dll, which lies beside the tool and is not there.",
        "Install the tool again, or in DataBuild's own repository build src/DataBuild.Service.");

    public static readonly DiagnosticRule NoAspNetCore = new(
        "DBLD7021", Severity.Error, "ASP.NET Core is not installed",
        "`serve --port` needs the shared framework Microsoft.AspNetCore.App beside that of .NET.",
        "Install the ASP.NET Core runtime 10.0 (the .NET SDK has it; so has the package aspnetcore-runtime-10.0), or serve without --port.");

    public static readonly DiagnosticRule AnswerTooLarge = new(
        "DBLD7022", Severity.Error, "The answer is too large",
        "An answer would have more bytes than a message of the service may have.",
        "Ask for fewer: a smaller page, fewer elements, or a narrower set.");

    public static readonly DiagnosticRule NoSuchThing = new(
        "DBLD7023", Severity.Error, "Nothing of that name",
        "A want, a job or a path was asked for that is not there.",
        "Look at the list of them: /openapi/v1.json has the paths.");

    public static readonly DiagnosticRule ServiceFailed = new(
        "DBLD7024", Severity.Error, "The service met an error of its own",
        "Something went wrong in the service that it does not know: a bug.",
        "Report it with what the service wrote on its stderr at that time.");
}

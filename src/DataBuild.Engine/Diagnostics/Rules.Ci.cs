using DataBuild.V1;

namespace DataBuild.Engine.Diagnostics;

/// <summary>Continuous integration: 2160-2179.</summary>
public static partial class Rules
{
    public static readonly DiagnosticRule BadLogAddress = new("DBLD2160", Severity.Error,
        "No address that a log can be fetched from",
        "`databuild plan --log` was given an address that is not of the form http://... or https://...",
        "Correct it, or give the path of a file.");

    public static readonly DiagnosticRule LogNotServed = new("DBLD2161", Severity.Error,
        "The server did not give the log",
        "The server answered with something other than success: nothing is there (404), or it wants to know who asks (401, 403).",
        "Correct the address, upload the log that `databuild log backup` makes, or put what the server wants to see into the environment variable DATABUILD_LOG_AUTHORIZATION.");

    public static readonly DiagnosticRule LogServerUnreachable = new("DBLD2162", Severity.Error,
        "The log's server could not be reached",
        "Its name is unknown, nothing answers there, or no secure connection to it could be made.",
        "Correct the address, or try again when the network is there.");

    public static readonly DiagnosticRule LogDownloadTooSlow = new("DBLD2163", Severity.Error,
        "The log was not fetched in time",
        "The server did not give all of the log within the time that --log-timeout allows.",
        "Allow more, or try again.");

    public static readonly DiagnosticRule LogDownloadTooLarge = new("DBLD2164", Severity.Error,
        "What the log's server gives is too large",
        "It is larger than --log-size-limit allows: perhaps it is something else than a log.",
        "Allow more if it is a log of that size.");

    public static readonly DiagnosticRule LogCutShort = new("DBLD2165", Severity.Error,
        "The log came incomplete",
        "The connection ended before all of the log was there.",
        "Try again.");

    public static readonly DiagnosticRule LogOfAnotherGraph = new("DBLD2166", Severity.Warning,
        "The log is that of another project",
        "`databuild plan --log` was given a log in which a graph of another name is registered. A project's graph has the name of its file.",
        "Name the log of this project. If the project was renamed, nothing is wrong.");

    public static readonly DiagnosticRule LogNotCopied = new("DBLD2167", Severity.Error,
        "The log could not be copied to be read",
        "A log that is named to plan against is never written to. One that is no backup has to be copied for that, and there is no room for the copy, or the folder for temporary files cannot be written.",
        "Free space, set TMPDIR to another folder, or name a backup (`databuild log backup`), which needs no copy.");

    public static readonly DiagnosticRule MarkdownNotWritten = new("DBLD2168", Severity.Error,
        "The Markdown could not be written",
        "The file that --markdown names cannot be written.",
        "Name another file, or correct its folder.");
}

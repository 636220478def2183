using DataBuild.V1;

namespace DataBuild.Engine.Diagnostics;

/// <summary>704x: what the tool says of a service that it asks over the network.</summary>
public static partial class Rules
{
    public static readonly DiagnosticRule ServerUnreachable = new(
        "DBLD7040", Severity.Error, "The service cannot be reached",
        "Nothing answers at the address that --server or DATABUILD_SERVER names, or what answers is no service of DataBuild.",
        "Look at the address that `databuild serve --port N` said, whether the service runs, and what stands between (a firewall, a tunnel).");

    public static readonly DiagnosticRule ServerRefusesToken = new(
        "DBLD7041", Severity.Error, "The service wants another token",
        "A service that listens beyond its machine was asked with a wrong token, or with none.",
        "Set DATABUILD_TOKEN to what the service showed at its first start, or make a new one there with `databuild serve --new-token`.");

    public static readonly DiagnosticRule OtherServerVersion = new(
        "DBLD7042", Severity.Error, "The service speaks another version",
        "Tool and service are of versions that do not understand each other.",
        "Install the version of the tool that the service has, or start the service with the tool's.");

    public static readonly DiagnosticRule BadServerAddress = new(
        "DBLD7043", Severity.Error, "No address of a service",
        "What --server or DATABUILD_SERVER says is no address that a service can have.",
        "Write http://HOST:PORT, as the service says it when it starts.");

    public static readonly DiagnosticRule NotRemote = new(
        "DBLD7044", Severity.Error, "A verb that works here only",
        "The verb needs the project, its log or its data on this machine, and --server names a service elsewhere.",
        "Run it where the project is, or leave out --server.");
}

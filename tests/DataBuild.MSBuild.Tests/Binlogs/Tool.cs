using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.MSBuild.Tests.Binlogs;

/// <summary>`databuild binlog`, as a person or a script calls it.</summary>
internal static class Tool
{
    public static Outcome Binlog(this Sandbox sandbox, string file, params string[] options) =>
        sandbox.Dotnet(["exec", Sandbox.Known("Engine"), "binlog", file, .. options]);

    public static BinlogReport BinlogReport(this Sandbox sandbox, string file, params string[] options) =>
        V1.BinlogReport.Parser.ParseJson(sandbox.Binlog(file, ["--json", .. options]).Succeeded().Output);
}

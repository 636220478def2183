using System.Text;
using System.Text.RegularExpressions;
using DataBuild.V1;
using Google.Protobuf.Reflection;

namespace DataBuild.Repository.Tests;

public sealed partial class ContractTests
{
    private static readonly FileDescriptor[] files =
    [
        ApiReflection.Descriptor, BinlogReflection.Descriptor, CommandReflection.Descriptor, EngineReflection.Descriptor, EventsReflection.Descriptor, GraphReflection.Descriptor, JobMessageReflection.Descriptor, QueryReflection.Descriptor, ReasonReflection.Descriptor,
        TryingReflection.Descriptor,
    ];

    [Fact]
    public void The_contract_is_as_approved()
    {
        var text = new StringBuilder();
        foreach (var file in files.OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{file.Name} {file.Package}\n");
            foreach (var type in file.EnumTypes)
            {
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"  enum {type.Name}: {string.Join(", ", type.Values.Select(value => $"{value.Name}={value.Number}"))}\n");
            }

            foreach (var message in file.MessageTypes)
            {
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"  message {message.Name}\n");
                foreach (var field in message.Fields.InFieldNumberOrder())
                {
                    text.Append(System.Globalization.CultureInfo.InvariantCulture, $"    {field.FieldNumber} {field.Name}: {TypeOf(field)}{(field.ContainingOneof is { IsSynthetic: false } oneof ? $" in {oneof.Name}" : "")}\n");
                }
            }
        }

        // The service is described where it is served, in a program that these tests do not load.
        text.Append("databuild/v1/service.proto databuild.v1\n");
        foreach (Match method in Method().Matches(Checkout.Read("proto/databuild/v1/service.proto")))
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"  rpc {method.Groups["name"]}({method.Groups["request"]}) returns ({method.Groups["answer"]}): {method.Groups["verb"]} {method.Groups["path"]}\n");
        }

        Checkout.Approve("tests/DataBuild.Repository.Tests/contract.txt", text.ToString());
    }

    [Fact]
    public void Each_method_of_the_service_has_a_comment_and_a_path()
    {
        string service = Checkout.Read("proto/databuild/v1/service.proto");
        Assert.Equal(Regex.Count(service, @"^\s*rpc ", RegexOptions.Multiline), Method().Count(service));
        string[] lines = service.Split('\n');
        Assert.All(Enumerable.Range(1, lines.Length - 1).Where(i => lines[i].Contains("  rpc ", StringComparison.Ordinal)), i => Assert.StartsWith("  //", lines[i - 1], StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(11, "job_run_queue")]
    [InlineData(12, "job_run_heartbeat")]
    [InlineData(13, "job_run_success")]
    [InlineData(14, "job_run_failure")]
    [InlineData(15, "job_run_cancel")]
    [InlineData(16, "job_run_missing_deps")]
    [InlineData(17, "want_create")]
    [InlineData(18, "want_cancel")]
    [InlineData(19, "taint_create")]
    [InlineData(20, "taint_cancel")]
    public void An_event_that_the_field_knows_has_its_number(int number, string name) =>
        Assert.Equal(name, BuildEvent.Descriptor.FindFieldByNumber(number).Name);

    [Fact]
    public void Every_message_field_and_value_has_a_comment()
    {
        foreach (string file in Checkout.Files("proto", "*.proto"))
        {
            string[] lines = Checkout.Read(file).Split('\n');
            for (int i = 0; i < lines.Length; i++)
            {
                string line = lines[i].Trim();
                bool declares = line.StartsWith("message ", StringComparison.Ordinal) || line.StartsWith("enum ", StringComparison.Ordinal)
                    || line.StartsWith("oneof ", StringComparison.Ordinal) || System.Text.RegularExpressions.Regex.IsMatch(line, @"^[\w.<>, ]+ = \d+;");
                Assert.True(!declares || lines[i - 1].TrimStart().StartsWith("//", StringComparison.Ordinal), $"{file}({i + 1}): {line} has no comment");
            }
        }
    }

    [GeneratedRegex("""rpc (?<name>\w+)\((?<request>\w+)\) returns \((?<answer>(stream )?\w+)\) \{\s*option \(google\.api\.http\) = \{ (?<verb>get|post): "(?<path>/api/v1/[^"]+)" (body: "\*" )?\};""")]
    private static partial Regex Method();

    private static string TypeOf(FieldDescriptor field)
    {
        string type = field.FieldType switch
        {
            FieldType.Message when field.IsMap => $"map<{TypeOf(field.MessageType.FindFieldByNumber(1))}, {TypeOf(field.MessageType.FindFieldByNumber(2))}>",
            FieldType.Message => field.MessageType.Name,
            FieldType.Enum => field.EnumType.Name,
            _ => field.FieldType.ToString(),
        };
        return field.IsRepeated && !field.IsMap ? $"repeated {type}" : type;
    }
}

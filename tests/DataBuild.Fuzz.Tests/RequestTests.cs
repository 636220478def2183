using System.Diagnostics;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Fuzz.Tests;

/// <summary>What reaches the engine on its stdin.</summary>
[Trait("Category", "Fuzz")]
public sealed class RequestTests(Xunit.Abstractions.ITestOutputHelper output) : IDisposable
{
    private static readonly TimeSpan longest = TimeSpan.FromMinutes(2);

    private readonly string folder = Directory.CreateTempSubdirectory("databuild-fuzz-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void An_engine_that_is_told_nonsense_says_so_and_ends() => new Fuzz(output).Bytes(12, [Delimited(Request()), [], [0xff, 0xff, 0xff, 0xff, 0x7f]], bytes =>
    {
        if (!IsHarmless(bytes))
        {
            return;
        }

        var start = new ProcessStartInfo("dotnet", [Cli, "engine"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder,
        };
        using var engine = Process.Start(start)!;
        var said = engine.StandardOutput.ReadToEndAsync();
        var errors = engine.StandardError.ReadToEndAsync();
        try
        {
            engine.StandardInput.BaseStream.Write(bytes);
            engine.StandardInput.Close();
        }
        catch (IOException)
        {
            // It had heard enough.
        }

        Assert.True(engine.WaitForExit(longest), "the engine hangs");
        Assert.NotEmpty(said.Result);
        Assert.DoesNotContain("internal error", errors.Result, StringComparison.Ordinal);
        Assert.InRange(engine.ExitCode, 0, 130);
        Assert.NotEqual(70, engine.ExitCode);
    });

    /// <summary>A request that can still be read may ask for files anywhere: none but a compile is really made.</summary>
    private static bool IsHarmless(byte[] bytes)
    {
        try
        {
            var request = EngineRequest.Parser.ParseDelimitedFrom(new MemoryStream(bytes));
            return request is { Mode: EngineMode.Compile, PlanFile: "", ResultFile: "" };
        }
        catch (InvalidProtocolBufferException)
        {
            return true;
        }
    }

    private EngineRequest Request() => new()
    {
        ProtocolVersion = 1,
        Mode = EngineMode.Compile,
        Graph = Projects.Document(),
        ProjectFile = Path.Combine(folder, "x.dbproj"),
        DataRoot = Path.Combine(folder, "data"),
        StateDirectory = Path.Combine(folder, ".databuild"),
    };

    private static byte[] Delimited(EngineRequest request)
    {
        using var stream = new MemoryStream();
        request.WriteDelimitedTo(stream);
        return stream.ToArray();
    }

    private static string Cli
    {
        get
        {
            var binaries = new DirectoryInfo(AppContext.BaseDirectory);
            var root = binaries;
            while (!File.Exists(Path.Combine(root.FullName, "DataBuild.sln")))
            {
                root = root.Parent ?? throw new InvalidOperationException("the tests do not lie in the repository");
            }

            return Path.Combine(root.FullName, "src/DataBuild.Cli/bin", binaries.Parent!.Name, "net10.0/DataBuild.Cli.dll");
        }
    }
}

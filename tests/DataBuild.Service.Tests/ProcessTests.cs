using System.Diagnostics;
using DataBuild.Engine.Hosting.Queries;
using DataBuild.Engine.Hosting.Serving;
using DataBuild.Integration.Tests;
using DataBuild.V1;
using Grpc.Core;

namespace DataBuild.Service.Tests;

public sealed class ProcessTests
{
    private const int Kill = 9;
    private const int Terminate = 15;

    [Fact]
    public async Task What_was_acknowledged_before_a_kill_is_there_after_it_and_answered_the_same()
    {
        using var project = TestService.Project();
        string folder = ServiceProcess.Publish(project);
        var place = new LogPlace(project.Log, project.StateDirectory, project.Folder);
        var answers = new Dictionary<string, CommandReport>(StringComparer.Ordinal);
        for (int round = 0; round < 3; round++)
        {
            using var service = await ServiceProcess.Start(folder, "--port", "0").ReadyAsync();
            Assert.Equal(new ServiceAddress(service.Url, service.Pid), ServiceAddress.Of(place));
            foreach (var (key, answer) in answers)
            {
                Assert.Equal(answer, await WantAsync(service, key));
            }

            var writers = Enumerable.Range(0, 8).Select(async writer =>
            {
                for (int i = 0; i < 10_000; i++)
                {
                    string key = $"{round}-{writer}-{i}";
                    try
                    {
                        var answer = await WantAsync(service, key);
                        lock (answers)
                        {
                            answers.Add(key, answer);
                            if (answers.Count == 60 * (round + 1))
                            {
                                service.Signal(Kill);
                            }
                        }
                    }
                    catch (RpcException)
                    {
                        return;
                    }
                }
            }).ToList();
            await Task.WhenAll(writers);
            service.WaitForExit();
            Assert.Null(ServiceAddress.Of(place));
        }

        var stored = project.Events().Where(e => e.Event.WantCreate is not null).GroupBy(e => e.Event.WantCreate.Want.WantId, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        Assert.InRange(answers.Count, 180, int.MaxValue);
        Assert.All(answers.Keys, key => Assert.Equal(1, stored[$"want-{key}"]));
    }

    [Fact]
    public async Task A_signal_ends_streams_and_the_service_which_takes_its_address_back()
    {
        using var project = TestService.Project();
        string folder = ServiceProcess.Publish(project);
        using var service = await ServiceProcess.Start(folder, "--port", "0", "--require-token").ReadyAsync();
        string token = service.Output.Split("token: ")[1].Split('\n')[0];
        var headers = new Metadata { { "authorization", $"Bearer {token}" } };
        using var call = service.Client.WatchEvents(new WatchEventsRequest(), headers);
        Assert.True(await call.ResponseStream.MoveNext());

        using (var anew = Process.Start(new ProcessStartInfo("dotnet", ["exec", Repository.Cli, "serve", folder, "--new-token"]) { RedirectStandardOutput = true })!)
        {
            string said = await anew.StandardOutput.ReadToEndAsync();
            await anew.WaitForExitAsync();
            Assert.StartsWith("token: ", said, StringComparison.Ordinal);
            Assert.Equal(StatusCode.Unauthenticated, (await Assert.ThrowsAsync<RpcException>(async () => await service.Client.GetServiceAsync(new GetServiceRequest(), headers))).StatusCode);
            headers = new Metadata { { "authorization", $"Bearer {said.Split('\n')[0][7..]}" } };
            Assert.Equal(service.Pid, (await service.Client.GetServiceAsync(new GetServiceRequest(), headers)).Pid);
        }

        var watch = Stopwatch.StartNew();
        service.Signal(Terminate);
        var ended = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await call.ResponseStream.MoveNext())
            {
                // What was stored until then.
            }
        });
        Assert.Equal(StatusCode.Unavailable, ended.StatusCode);
        Assert.Equal(0, service.WaitForExit());
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.False(File.Exists(ServiceAddress.FileIn(project.StateDirectory)));
    }

    [Fact]
    public void A_tool_without_its_service_or_a_machine_without_ASP_NET_says_what_to_install()
    {
        using var project = TestService.Project();
        string folder = ServiceProcess.Publish(project);
        string tool = Directory.CreateDirectory(Path.Combine(project.Folder, "tool")).FullName;
        foreach (string file in Directory.EnumerateFiles(Path.GetDirectoryName(Repository.Cli)!).Where(file => !Path.GetFileName(file).StartsWith("DataBuild.Service", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(tool, Path.GetFileName(file)));
        }

        using (var without = ServiceProcess.StartTool("dotnet", Path.Combine(tool, "DataBuild.Cli.dll"), folder, "--port", "0"))
        {
            Assert.Equal(1, without.WaitForExit());
            Assert.Contains("DBLD7020", without.Output, StringComparison.Ordinal);
        }

        // A .NET that has the runtime and nothing else. Copied, since it finds the real one through links.
        string runtime = Path.TrimEndingDirectorySeparator(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory());
        string shared = Path.GetFullPath(Path.Combine(runtime, "..", ".."));
        string real = Path.GetDirectoryName(shared)!;
        string bare = Path.Combine(project.Folder, "dotnet");
        foreach (string file in Directory.EnumerateFiles(runtime).Concat(Directory.EnumerateFiles(Path.Combine(real, "host"), "*", SearchOption.AllDirectories)).Append(Path.Combine(real, "dotnet")))
        {
            string copy = Path.Combine(bare, Path.GetRelativePath(real, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        using var service = ServiceProcess.StartTool(Path.Combine(bare, "dotnet"), Repository.Cli, folder, "--port", "0");
        Assert.Equal(1, service.WaitForExit());
        Assert.Contains("DBLD7021", service.Output, StringComparison.Ordinal);
    }

    private static Task<CommandReport> WantAsync(ServiceProcess service, string key) => service.Client.CreateWantAsync(
        new CreateWantRequest { CommandId = key, Want = new WantCommand { Partitions = new PartitionSet { Expressions = { "made/{1..3}" } } } }).ResponseAsync;
}

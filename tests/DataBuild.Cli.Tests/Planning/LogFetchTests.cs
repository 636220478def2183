using System.Net;
using System.Net.Sockets;
using System.Text;
using DataBuild.V1;

namespace DataBuild.Cli.Tests.Planning;

/// <summary>`plan --log URL`: from a real server on the loopback address.</summary>
public sealed class LogFetchTests
{
    [Fact]
    public void A_backup_is_fetched_once_and_again_only_when_its_server_says_it_is_another()
    {
        using var production = new Production();
        byte[] backup = File.ReadAllBytes(production.Backup);
        string version = "\"one\"";
        using var server = new LogServer(context => LogServer.Give(context, backup, version));
        string address = $"{server.Address}prod/log.db?signature=secret";

        var plan = Plan(production, address, "--json").Succeeded().As<LogPlan>();
        Assert.Equal((7L, $"{server.Address}prod/log.db"), (plan.Plan.UpToDate, plan.Log));
        Assert.Equal(7, Plan(production, address, "--json").Succeeded().As<LogPlan>().Plan.UpToDate);
        version = "\"two\"";
        Assert.Equal(7, Plan(production, address, "--json").Succeeded().As<LogPlan>().Plan.UpToDate);

        Assert.Equal([null, "\"one\"", "\"one\""], server.Asked.Select(asked => asked.IfNoneMatch));
        Assert.All(server.Asked, asked => Assert.Equal("/prod/log.db?signature=secret", asked.Path));
        Assert.Equal(2, Directory.GetFiles(Cache(production), "*.db", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void Without_a_version_nothing_is_kept_and_who_asks_is_told_by_the_environment()
    {
        using var production = new Production();
        byte[] backup = File.ReadAllBytes(production.Backup);
        using var server = new LogServer(context => LogServer.Give(context, backup));

        Assert.Equal(7, Plan(production, server.Address + "log.db", "--json").Succeeded().As<LogPlan>().Plan.UpToDate);
        Run(production, server.Address + "log.db", environment => environment["DATABUILD_LOG_AUTHORIZATION"] = "Bearer abc").Succeeded();
        var answer = Plan(production, server.Address.Replace("//", "//me:pass%20word@", StringComparison.Ordinal) + "log.db").Succeeded();

        Assert.DoesNotContain("pass", answer.Out, StringComparison.Ordinal);
        Assert.Equal([null, "Bearer abc", "Basic " + Convert.ToBase64String("me:pass word"u8)], server.Asked.Select(asked => asked.Authorization));
        Assert.Empty(Directory.GetFiles(Cache(production), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void What_cannot_be_fetched_is_one_coded_error_that_shows_nothing_secret()
    {
        using var production = new Production();
        using var gate = new ManualResetEventSlim();
        using var server = new LogServer(context =>
        {
            switch (context.Request.Url!.AbsolutePath)
            {
                case "/none":
                    context.Response.StatusCode = 404;
                    context.Response.Close();
                    break;
                case "/secret":
                    context.Response.StatusCode = 403;
                    context.Response.Close();
                    break;
                case "/slow":
                    context.Response.OutputStream.Write("SQLite format 3\0"u8);
                    context.Response.OutputStream.Flush();
                    gate.Wait(TimeSpan.FromMinutes(1));
                    context.Response.Abort();
                    break;
                case "/endless":
                    Endless(context);
                    break;
                case "/large":
                    context.Response.ContentLength64 = 3_000_000;
                    context.Response.OutputStream.Write(new byte[100]);
                    gate.Wait(TimeSpan.FromMinutes(1));
                    context.Response.Abort();
                    break;
                default:
                    LogServer.Give(context, Encoding.UTF8.GetBytes("<html>hello</html>"));
                    break;
            }
        });

        Plan(production, server.Address + "none?key=secret").Failed(2, "DBLD2161", server.Address + "none gave no log but 404 Not Found", "log backup");
        Plan(production, server.Address + "secret").Failed(2, "DBLD2161", "403", "DATABUILD_LOG_AUTHORIZATION");
        Plan(production, server.Address + "page").Failed(2, "DBLD6002", server.Address + "page");
        Plan(production, server.Address + "slow", "--log-timeout", "1").Failed(2, "DBLD2163", server.Address + "slow", "within 1 s");
        gate.Set();
        Plan(production, server.Address + "endless", "--log-size-limit", "1").Failed(2, "DBLD2164", "--log-size-limit");
        Plan(production, server.Address + "large", "--log-size-limit", "2").Failed(2, "DBLD2164", "3,000 kB", "2,000 kB");
        Plan(production, $"http://127.0.0.1:{LogServer.FreePort()}/log.db").Failed(2, "DBLD2162", "refused");
        var ftp = Plan(production, "ftp://me:secret@host/log.db?key=secret");
        ftp.Failed(2, "DBLD2160", "'ftp://...'");
        Assert.DoesNotContain("secret", ftp.Error, StringComparison.Ordinal);
        Assert.Equal(2, Plan(production, server.Address, "--log-timeout", "0").ExitCode);
        Assert.Empty(Directory.GetFiles(Cache(production), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_log_that_is_cut_short_on_its_way_is_none()
    {
        using var production = new Production();
        byte[] backup = File.ReadAllBytes(production.Backup);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var served = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            using var stream = client.GetStream();
            Assert.True(await stream.ReadAsync(new byte[4096]) > 0);
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nETag: \"x\"\r\nContent-Length: {backup.Length}\r\n\r\n"));
            await stream.WriteAsync(backup.AsMemory(0, backup.Length / 2));
        });

        Plan(production, $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/log.db").Failed(2, "DBLD2165", "/log.db ended after");
        await served;
        Assert.Empty(Directory.GetFiles(Cache(production), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void What_came_whole_and_is_newer_or_damaged_is_named_by_its_address()
    {
        using var production = new Production();
        byte[] newer = File.ReadAllBytes(production.Backup);
        newer[63] = 9; // SQLite's user_version, the log's format
        byte[] half = File.ReadAllBytes(production.Backup)[..5000];
        using var server = new LogServer(context => LogServer.Give(context, context.Request.Url!.AbsolutePath == "/newer" ? newer : context.Request.Url.AbsolutePath == "/empty" ? [] : half));

        var answer = Plan(production, server.Address + "newer");
        Assert.Contains("error DBLD6003: ", answer.Error, StringComparison.Ordinal);
        Assert.Contains($"'{server.Address}newer' is of format 9", answer.Error, StringComparison.Ordinal);
        Plan(production, server.Address + "half").Failed(1, "DBLD6004", $"'{server.Address}half'");
        Plan(production, server.Address + "empty").Failed(2, "DBLD6001", $"'{server.Address}empty'");
    }

    private static void Endless(HttpListenerContext context)
    {
        context.Response.SendChunked = true;
        try
        {
            // Bounded all the same: a client that never stops fails the test by what it says.
            for (int n = 0; n < 1_000; n++)
            {
                context.Response.OutputStream.Write(new byte[10_000]);
            }

            context.Response.Close();
        }
        catch (Exception gone) when (gone is HttpListenerException or IOException)
        {
            context.Response.Abort();
        }
    }

    private static string Cache(Production production) => Directory.CreateDirectory(Path.Combine(production.Change.Folder, "cache")).FullName;

    private static Answer Plan(Production production, string address, params string[] arguments) => Run(production, address, _ => { }, arguments);

    private static Answer Run(Production production, string address, Action<IDictionary<string, string?>> also, params string[] arguments) => Tool.Run(
        production.Change.Folder,
        Tool.Program,
        environment =>
        {
            environment["DOTNET_HOST_PATH"] = production.Change.StubDotnet();
            environment["XDG_CACHE_HOME"] = Cache(production);
            also(environment);
        },
        "",
        ["plan", "--log", address, .. arguments]);
}

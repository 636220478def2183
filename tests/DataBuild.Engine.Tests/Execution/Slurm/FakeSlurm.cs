using DataBuild.Engine.Execution.Slurm;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Execution.Slurm;

/// <summary>
/// Slurm's commands as small scripts that answer what a test writes into files: for what a real cluster does only when it breaks.
/// <c>sbatch</c> keeps comment, arguments and script of each call; it runs nothing.
/// </summary>
internal sealed class FakeSlurm : IAsyncDisposable
{
    private readonly string _log = Guid.NewGuid().ToString();
    private SlurmExecutor? _executor;

    public FakeSlurm()
    {
        Folder = Directory.CreateTempSubdirectory("databuild-fake-slurm-").FullName;
        Directory.CreateDirectory(Path.Combine(Folder, "calls"));
        Tool("sbatch", """
            for word; do case $word in --comment=*) comment=${word#--comment=} ;; esac; done
            number=$(ls calls | grep -c comment); number=$((number + 1))
            printf '%s\n' "$@" > calls/$number.arguments; cat > calls/$number.script
            echo "$comment" > calls/$number.part; mv calls/$number.part calls/$number.comment
            if [ -s sbatch.error ]; then cat sbatch.error >&2; exit 1; fi
            echo $number
            """);
        Tool("squeue", """
            echo "$@" >> calls/squeue
            if [ -s squeue.error ]; then cat squeue.error >&2; exit 1; fi
            [ -f calls/1.comment ] && [ -f squeue.answer ] || exit 0
            sed "s/COMMENT/$(cat calls/1.comment)/" squeue.answer 2>/dev/null
            """);
        Tool("scontrol", """
            case "$1" in show) echo 'MaxArraySize            = 11' ;; *) sed "s/COMMENT/$(cat calls/1.comment)/" scontrol.answer ;; esac
            """);
        Tool("scancel", "echo \"$@\" >> calls/scancel");
    }

    public string Folder { get; }

    public RecordingSink Sink { get; } = new();

    public List<Diagnostic> Warnings { get; } = [];

    public string Exchange => Path.Combine(Folder, "data", "cluster");

    public SlurmExecutor Executor => _executor ??= New();

    public string[] Comments => [.. Directory.GetFiles(Path.Combine(Folder, "calls"), "*.comment").Order(StringComparer.Ordinal).Select(file => File.ReadAllText(file).Trim())];

    public SlurmExecutor New(IRunSink? sink = null, Func<SlurmOptions, SlurmOptions>? configure = null)
    {
        var options = new SlurmOptions
        {
            LogId = _log,
            Term = 1,
            ExchangeDirectory = Exchange,
            DataRoot = Path.Combine(Folder, "data"),
            StateDirectory = Folder,
            Interval = TimeSpan.FromMilliseconds(30),
            EndInterval = TimeSpan.FromMilliseconds(20),
            Settle = TimeSpan.FromMilliseconds(300),
            MaxBackOff = TimeSpan.FromMilliseconds(200),
            ToolsDirectory = Folder,
            Warn = diagnostic =>
            {
                lock (Warnings)
                {
                    Warnings.Add(diagnostic);
                }
            },
        };
        return new SlurmExecutor(sink ?? Sink, configure?.Invoke(options) ?? options);
    }

    public void Tool(string name, string body)
    {
        var file = Path.Combine(Folder, name);
        File.WriteAllText(file, $"#!/bin/sh\ncd '{Folder}' || exit 1\n{body}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>What squeue answers from now on; COMMENT stands for the first batch's.</summary>
    public void Answer(string line) => Put("squeue.answer", line.Length > 0 ? line + "\n" : "");

    public void Put(string name, string text)
    {
        File.WriteAllText(Path.Combine(Folder, name + ".part"), text);
        File.Move(Path.Combine(Folder, name + ".part"), Path.Combine(Folder, name), overwrite: true);
    }

    public RunRequest Request(RunResources? resources = null)
    {
        var runId = Guid.CreateVersion7().ToString();
        var output = Path.Combine(Folder, "staging", runId);
        Directory.CreateDirectory(output);
        return new RunRequest
        {
            RunId = runId, Job = "daily", Command = ["/bin/echo", "hello"], Refs = [], Attempt = 1, WorkingDirectory = Folder, Environment = [], PassEnvironment = [],
            DataRoot = Path.Combine(Folder, "data"), OutputRoot = output, LogDirectory = Path.Combine(Folder, "logs", runId), SourcesFile = "", Timeout = null,
            Resources = resources ?? RunResources.None,
        };
    }

    public string RunFile(string runId, params string[] path) => Path.Combine([Exchange, "runs", runId, .. path]);

    /// <summary>What a payload does first.</summary>
    public void Begin(string runId)
    {
        Directory.CreateDirectory(RunFile(runId, "claim"));
        File.WriteAllText(RunFile(runId, "claim", "started"), "job=1\nnode=n7\nhost=h\npid=77\nbegun=1700000000.5\n");
    }

    /// <summary>What a payload does last.</summary>
    public void Exit(string runId, string cause, int status, bool signalled)
    {
        File.WriteAllText(RunFile(runId, "exit"), $"job=1\nnode=n7\nbegun=1700000000.5\nended=1700000003.25\ncause={cause}\nstatus={status}\nsignalled={(signalled ? 1 : 0)}\nleft=0\ndetail=\n");
        File.Move(RunFile(runId, "exit"), Path.Combine(Exchange, "ended", runId));
    }

    public async Task When(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!holds())
        {
            await Task.Delay(5, patience.Token);
        }
    }

    public Task WhenSubmitted(int times = 1) => When(() => Comments.Length >= times);

    public async ValueTask DisposeAsync()
    {
        if (_executor is not null)
        {
            await _executor.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }
}

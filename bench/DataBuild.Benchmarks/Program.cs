using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

// The engine's own hot paths: `dotnet run -c Release --project bench/DataBuild.Benchmarks`; --long for narrow intervals, else a short
// run of all, below three minutes; every option of BenchmarkDotNet is taken as well (`--filter *Fold*`).
var length = args.Contains("--long") ? Job.Default : Job.ShortRun;
string[] rest = [.. args.Where(word => word != "--long")];
var config = DefaultConfig.Instance
    .AddJob(length.WithToolchain(InProcessEmitToolchain.Instance))
    .AddDiagnoser(MemoryDiagnoser.Default)
    .WithArtifactsPath(Path.Combine(AppContext.BaseDirectory, "artifacts"));
var summaries = BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(rest.Length > 0 ? rest : ["--filter", "*"], config);
return summaries.All(summary => !summary.HasCriticalValidationErrors && summary.Reports.All(report => report.Success)) ? 0 : 1;

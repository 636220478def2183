namespace DataBuild.Bench.Tests;

/// <summary>The runner's job is a C program: without a compiler there is nothing to run.</summary>
public sealed class CompilerFactAttribute : FactAttribute
{
    public CompilerFactAttribute()
    {
        if (Find("cc") is null)
        {
            Skip = "no C compiler (cc) on PATH";
        }
    }

    /// <summary>Where PATH has a program; null if nowhere.</summary>
    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(':', StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}

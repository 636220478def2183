namespace DataBuild.MSBuild.Tests.Setups;

/// <summary>The SDK as its package lays it out, in a folder where NuGet looks for packages.</summary>
internal static class SdkPackage
{
    public static void Lay(Sandbox sandbox, string version)
    {
        string root = $"packages/databuild.sdk/{version}";
        sandbox.Write($"{root}/.nupkg.metadata", """{"version":2,"contentHash":"x","source":null}""");
        sandbox.Write($"{root}/databuild.sdk.nuspec", $"""
            <package><metadata>
              <id>DataBuild.Sdk</id><version>{version}</version><authors>x</authors><description>x</description>
              <packageTypes><packageType name="MSBuildSdk" /></packageTypes>
            </metadata></package>
            """);
        Copy(Path.Combine(Sandbox.Known("Repository"), "src", "DataBuild.Sdk", "Sdk"), sandbox.PathOf($"{root}/Sdk"));
        Copy(Path.GetDirectoryName(Sandbox.Known("TasksAssembly"))!, sandbox.PathOf($"{root}/tools/tasks"));
        Copy(Path.GetDirectoryName(Sandbox.Known("Engine"))!, sandbox.PathOf($"{root}/tools/engine/any"));
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}

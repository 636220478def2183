using System.Globalization;
using System.Text.RegularExpressions;
using DataBuild.Engine.Diagnostics;
using DataBuild.V1;
using Microsoft.Build.Framework;

namespace DataBuild.Tasks.Authoring;

/// <summary>Cpus and Memory of jobs. The local executor hands out neither, but what is written has to mean something.</summary>
internal static class JobResources
{
    private const int MostCpus = 10_000;

    private static readonly Regex Bytes = new("^[1-9][0-9]{0,8}[KMGT]$", RegexOptions.CultureInvariant);

    public static void Check(ITaskItem[] items, IReadOnlyList<JobDefinition> jobs, AuthoringReport report)
    {
        for (var index = 0; index < items.Length; index++)
        {
            var cpus = items[index].GetMetadata("Cpus");
            if (cpus.Length > 0 && !(int.TryParse(cpus, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= MostCpus))
            {
                report.Add(Rules.BadResource, $"Cpus of job '{jobs[index].Label}' is '{cpus}'; give a whole number from 1 to 10000", jobs[index].Origin);
            }

            var memory = items[index].GetMetadata("Memory");
            if (memory.Length > 0 && !Bytes.IsMatch(memory))
            {
                report.Add(Rules.BadResource, $"Memory of job '{jobs[index].Label}' is '{memory}'; give a whole number with K, M, G or T, such as 512M or 16G", jobs[index].Origin);
            }
        }
    }
}

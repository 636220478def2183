using System.IO.Hashing;
using System.Text;

namespace DataBuild.Engine.Execution;

/// <summary>
/// W3C trace context, version 00: a job's spans hang below its run. Derived from the run id, so that whoever exports the run's own span
/// later arrives at the same numbers. A UUID is taken as the trace id as it is.
/// </summary>
internal static class TraceParent
{
    public static string Of(string runId)
    {
        var bytes = Encoding.UTF8.GetBytes(runId);
        var trace = Guid.TryParse(runId, out var id) ? id.ToString("N") : Convert.ToHexStringLower(XxHash128.Hash(bytes));
        return $"00-{trace}-{Convert.ToHexStringLower(XxHash64.Hash(bytes))}-01";
    }
}

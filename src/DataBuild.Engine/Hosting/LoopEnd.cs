using DataBuild.V1;

namespace DataBuild.Engine.Hosting;

/// <summary>How the work on a request ended.</summary>
/// <param name="TooManyRebuilds">How many live partitions changed code would replace, where that is more than allowed.</param>
/// <param name="PostponedTo">When a job asked to be run again, where that is later than the request waits.</param>
/// <param name="Unsettled">Errors of jobs whose own files did not come to rest.</param>
/// <param name="Partitions">Partitions whose files were looked at.</param>
/// <param name="Sources">The same of sources.</param>
internal sealed record LoopEnd(long TooManyRebuilds, DateTimeOffset? PostponedTo, IReadOnlyList<Diagnostic> Unsettled, long Partitions, long Sources);

namespace DataBuild.Jobs;

/// <summary>A job's code for one family of refs.</summary>
internal sealed record JobHandler(string Name, PartitionPattern Pattern, Func<PartitionBatch, Task> Handle);

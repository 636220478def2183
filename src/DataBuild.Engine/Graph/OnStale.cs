namespace DataBuild.Engine.Graph;

/// <summary>What it means that live data of a job is stale because the job changed.</summary>
public enum OnStale
{
    /// <summary>It is made again.</summary>
    Rebuild,

    /// <summary>It counts as up to date, with a warning.</summary>
    Warn,

    /// <summary>It counts as up to date.</summary>
    Ignore,
}

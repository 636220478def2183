namespace DataBuild.Engine.Files;

/// <summary>What a published partition survives.</summary>
public enum Durability
{
    /// <summary>Loss of power: outputs reach the disk before the log says that they are there.</summary>
    Full,

    /// <summary>The end of the process only. Faster; after a loss of power partitions may be empty or cut.</summary>
    None,
}

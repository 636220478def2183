namespace DataBuild.Engine.Log;

/// <summary>What an append that has returned survives. Either way it survives the end of the process, <c>kill -9</c> included.</summary>
public enum Durability
{
    /// <summary>The log is synced to the disk at each append: also survives a crash of the machine, as far as the disk keeps its word.</summary>
    Full,

    /// <summary>The log is synced now and then: the last appends may be lost when the machine crashes, never one from before a kept one.</summary>
    Normal,
}

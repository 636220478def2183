namespace DataBuild.Sdk.Tests;

/// <summary>Where a mistake is found: what comes first keeps what comes later from being looked for.</summary>
internal enum Stage
{
    /// <summary>By the task, in a property.</summary>
    Property,

    /// <summary>By the task, in an item as it is written.</summary>
    Item,

    /// <summary>By the engine: a pattern that cannot be read, so that nobody can say what matches it.</summary>
    Pattern,

    /// <summary>By the engine, in what all items mean together.</summary>
    Graph,
}

namespace DataBuild.Cli.Verbs;

/// <summary>How a graph is written.</summary>
internal enum GraphFormat
{
    /// <summary>For people at a terminal.</summary>
    Text,

    /// <summary>For Graphviz.</summary>
    Dot,

    /// <summary>For Markdown pages that draw Mermaid.</summary>
    Mermaid,
}

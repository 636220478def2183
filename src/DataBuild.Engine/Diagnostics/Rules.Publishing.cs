using DataBuild.V1;

namespace DataBuild.Engine.Diagnostics;

/// <summary>Folders that a project was published to: 2140-2141.</summary>
public static partial class Rules
{
    public static readonly DiagnosticRule PublishedGraphIsFixed = new(
        "DBLD2140", Severity.Error, "A published graph takes no properties",
        "A property, or an environment, was given for a published folder. Properties are evaluated when a project is published; the folder holds what came of it, and there is no MSBuild to evaluate anything again.",
        "Publish with those properties, or change `request.json` in the folder: it is text.");

    public static readonly DiagnosticRule PublishedGraphUnreadable = new(
        "DBLD2141", Severity.Error, "A published graph cannot be read",
        "`request.json` or `graph.json` of a published folder is damaged, was changed into something that is not right, or comes from another version.",
        "Publish the project again, with the version of DataBuild that is to run it.");
}

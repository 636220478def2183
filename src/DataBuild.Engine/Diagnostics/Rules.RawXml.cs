using DataBuild.V1;

namespace DataBuild.Engine.Diagnostics;

public static partial class Rules
{
    public static readonly DiagnosticRule WildcardInInclude = new("DBLD1900", Severity.Error,
        "Wildcard in an Include",
        "MSBuild takes `*` and `?` in an Include for a file search, so that the item vanishes or becomes files.",
        "Write a placeholder or a set in braces: `daily/{date}`, `daily/{2001-01-01..2001-03-31}`.");

    public static readonly DiagnosticRule BackslashInInclude = new("DBLD1901", Severity.Error,
        "Backslash in an Include",
        "MSBuild turns a backslash into a slash on some systems and not on others; refs are parted by `/`.",
        "Write `/`.");

    public static readonly DiagnosticRule UndefinedPropertyInCommand = new("DBLD1902", Severity.Error,
        "A job's command names a property that is not defined",
        "MSBuild replaces `$(name)` before the job is run, with nothing if there is no such property.",
        "Write `%24(` for a literal `$(`, or define the property.");

    public static readonly DiagnosticRule ItemListInCommand = new("DBLD1903", Severity.Error,
        "A job's command holds an item list",
        "MSBuild replaces `@(Name)` by a list of items before the job is run.",
        "Write `%40(` for a literal `@(`.");

    public static readonly DiagnosticRule EscapeInCommand = new("DBLD1904", Severity.Error,
        "A job's command holds what MSBuild takes for an escaped character",
        "MSBuild reads `%` and two hexadecimal digits as one character: `%ad` is U+00AD.",
        "Write `%25` for a literal `%`.");

    public static readonly DiagnosticRule BackslashChangedInCommand = new("DBLD1905", Severity.Error,
        "MSBuild changed a backslash in a job's command",
        "MSBuild turns a backslash into a slash where it takes the text for a path.",
        "Write `%5C` for a literal backslash, or `/` in a path.");

    public static readonly DiagnosticRule UnknownMetadata = new("DBLD1906", Severity.Warning,
        "Unknown metadata",
        "An item of the project has metadata that means nothing to DataBuild, most often a misspelt name.",
        "Use the name that the message proposes, or remove it.");

    public static readonly DiagnosticRule JobLabelIsTarget = new("DBLD1907", Severity.Error,
        "A job's label is the name of a target",
        "Each job is a target of its label; MSBuild would run the other target of that name, and never the job.",
        "Give the job another label.");

    public static readonly DiagnosticRule JobProjectHasNoProgram = new("DBLD1908", Severity.Error,
        "A job's project gives no program",
        "The project does not exist, builds nothing that can be run, or builds for several target frameworks.",
        "Name an existing project with one TargetFramework and <OutputType>Exe</OutputType>.");

    public static readonly DiagnosticRule InvalidProperty = new("DBLD1909", Severity.Error,
        "A property has no valid value",
        "A property of DataBuild must be a number, a duration with a unit, or one of a few words.",
        "Give it a value like the ones that the message shows.");

    public static readonly DiagnosticRule SourcesMatchNothing = new("DBLD1910", Severity.Warning,
        "A job's Sources match no file",
        "A glob in Sources matches nothing, so that nothing of it belongs to the job's fingerprint.",
        "Correct it; it is relative to the project's folder.");
}

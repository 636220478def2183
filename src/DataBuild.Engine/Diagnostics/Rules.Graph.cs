using DataBuild.V1;

namespace DataBuild.Engine.Diagnostics;

/// <summary>3xxx: refs, patterns, sets and needs.</summary>
public static partial class Rules
{
    public static readonly DiagnosticRule NoProducer = new(
        "DBLD3001", Severity.Error, "Nothing produces a ref",
        "A ref or set that is wanted, needed or read matches no declared pattern.",
        "Correct the ref, or declare a Partition or Source with a pattern that matches it.");

    public static readonly DiagnosticRule PatternsOverlap = new(
        "DBLD3002", Severity.Error, "Two patterns match one ref",
        "Each ref belongs to one job or source, so no ref may match two patterns. The message shows a ref that does.",
        "Change the literal text of one pattern, or give a placeholder a narrower type.");

    public static readonly DiagnosticRule BadPattern = new(
        "DBLD3003", Severity.Error, "Malformed pattern",
        "The text of a pattern cannot be read, or no valid ref could match it.",
        "Write literal text with placeholders such as {date}, {n:int} or {region:enum(us|eu)}.");

    public static readonly DiagnosticRule UnknownPlaceholderType = new(
        "DBLD3004", Severity.Error, "Unknown type of a placeholder",
        "A placeholder names a type that does not exist, or another one than its name stands for.",
        "Use string, int, date, month, year, hour or enum(a|b); placeholders named date, month, year and hour have that type.");

    public static readonly DiagnosticRule AmbiguousPattern = new(
        "DBLD3005", Severity.Error, "Ref can be read in two ways",
        "A ref could match the pattern with different values of its placeholders. The message shows such a ref.",
        "Part the placeholders with '/' or give one of them a type.");

    public static readonly DiagnosticRule RefsDifferInCase = new(
        "DBLD3006", Severity.Error, "Refs that differ only in case",
        "Two patterns match refs that a file system which ignores case takes for one file. The message shows two.",
        "Change the literal text of one pattern.");

    public static readonly DiagnosticRule RefBelowRef = new(
        "DBLD3007", Severity.Error, "A ref lies below another",
        "A partition may be a folder, so no ref may lie below another one. The message shows two.",
        "Change one pattern so that its refs lie beside those of the other.");

    public static readonly DiagnosticRule BadRef = new(
        "DBLD3008", Severity.Error, "Malformed ref",
        "A ref breaks the rules of refs: it would leave the data root, or a supported file system cannot hold it.",
        "Correct the ref as the message says.");

    public static readonly DiagnosticRule BadSet = new(
        "DBLD3009", Severity.Error, "Malformed set",
        "The text of a set, or of an expression in Needs or Path, cannot be read.",
        "Write 'daily/{2001-01-01..2001-03-31}/{us|eu}'.");

    public static readonly DiagnosticRule InvertedRange = new(
        "DBLD3010", Severity.Error, "Range that ends before it begins",
        "The first end of a range comes after the second.",
        "Swap the ends.");

    public static readonly DiagnosticRule NotEnumerable = new(
        "DBLD3011", Severity.Error, "Set that cannot be listed",
        "A set names all values of a placeholder that is no enum, or a range of strings.",
        "Give a range of a date or number, or the alternatives: {a|b}.");

    public static readonly DiagnosticRule SourceWanted = new(
        "DBLD3012", Severity.Error, "Source wanted",
        "A Source is observed, never made, so it cannot be wanted.",
        "Want the partitions that are made of it.");

    public static readonly DiagnosticRule SetTooLarge = new(
        "DBLD3013", Severity.Error, "Set too large",
        "A set has more refs than can be counted, or its alternatives match so many families that they cannot be listed.",
        "Narrow its ranges, or write one set a family.");

    public static readonly DiagnosticRule RelativeEndWithoutDay = new(
        "DBLD3014", Severity.Error, "Relative end without a day",
        "A set relative to today was given where no day is known, as in a stored set.",
        "Give dates.");

    public static readonly DiagnosticRule UnknownPlaceholder = new(
        "DBLD3015", Severity.Error, "Unknown placeholder",
        "Needs or Path names a placeholder that the pattern does not have.",
        "Use the placeholders of the item's own pattern.");

    public static readonly DiagnosticRule WrongType = new(
        "DBLD3016", Severity.Error, "Value of the wrong type",
        "A value is not of the placeholder's type, or an expression's type has no such part or unit.",
        "Give a value of the type that the message names.");

    public static readonly DiagnosticRule NeedsItself = new(
        "DBLD3017", Severity.Error, "Partition needs itself",
        "Needs leads from a ref to the same ref, so it could never be built.",
        "Shift it ({date-1d}) or remove it.");

    public static readonly DiagnosticRule TooManyNeeds = new(
        "DBLD3018", Severity.Error, "Too many needs",
        "Needs of one ref stand for more than 1,000,000 refs.",
        "Narrow the ranges, or put a partition in between that gathers some of them.");

    public static readonly DiagnosticRule TimeOutOfRange = new(
        "DBLD3019", Severity.Error, "Time before year 1 or after year 9999",
        "A relative end or a path leads out of the calendar, or a number below 0. (In Needs that is no error: nothing is needed there.)",
        "Shift by less, or want fewer refs.");
}

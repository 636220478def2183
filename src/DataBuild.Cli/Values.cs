using System.CommandLine;
using System.CommandLine.Completions;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Hosting.Queries;

namespace DataBuild.Cli;

/// <summary>Values of the log that a half-written word may become. Without a log there are none, and that is no error to complain of in the midst of typing.</summary>
internal static class Values
{
    public static Func<CompletionContext, IEnumerable<CompletionItem>> Refs(Func<ParseResult, LogPlace> place) => Of(place, suggestions => suggestions.Refs());

    public static Func<CompletionContext, IEnumerable<CompletionItem>> Runs(Func<ParseResult, LogPlace> place) => Of(place, suggestions => suggestions.Runs());

    public static Func<CompletionContext, IEnumerable<CompletionItem>> Wants(Func<ParseResult, LogPlace> place) => Of(place, suggestions => suggestions.Wants());

    public static Func<CompletionContext, IEnumerable<CompletionItem>> Jobs(Func<ParseResult, LogPlace> place) => Of(place, suggestions => suggestions.Jobs());

    private static Func<CompletionContext, IEnumerable<CompletionItem>> Of(Func<ParseResult, LogPlace> place, Func<Suggestions, IReadOnlyList<string>> values) => context =>
    {
        if (context.WordToComplete.StartsWith('-'))
        {
            return [];
        }

        try
        {
            using var view = LogView.Open(place(context.ParseResult));
            return values(new Suggestions(view, context.WordToComplete)).Select(value => new CompletionItem(value)).ToList();
        }
        catch (DataBuildException)
        {
            return [];
        }
    };
}

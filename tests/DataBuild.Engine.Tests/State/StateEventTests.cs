using System.Runtime.CompilerServices;

namespace DataBuild.Engine.Tests.State;

/// <summary>docs/states.md, cell by cell.</summary>
public sealed class StateEventTests
{
    public static TheoryData<string, string, string> Cells()
    {
        var cells = new TheoryData<string, string, string>();
        foreach (var (entity, rows, columns) in StateEventTable.All)
        {
            foreach (var row in rows)
            {
                foreach (var column in columns)
                {
                    cells.Add(entity, row.State, column.Event);
                }
            }
        }

        return cells;
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Each_event_in_each_state(string entity, string state, string @event)
    {
        var (_, rows, columns) = StateEventTable.All.Single(one => one.Entity == entity);
        int place = Array.FindIndex(rows, row => row.State == state);
        var cell = StateEventTable.Try(rows[place], columns.Single(column => column.Event == @event));

        // The page is what was agreed; the fold is what is so.
        string[] lines = File.ReadAllLines(PagePath());
        string line = lines.SkipWhile(text => text != $"## {entity}").First(text => text.StartsWith($"| {@event} |", StringComparison.Ordinal));
        string agreed = line.Split('|')[place + 2].Trim();
        Assert.Equal(agreed, cell.Rule.Length > 0 ? $"*{cell.Rule}*" : $"-> {cell.Next}");
    }

    [Fact]
    public void The_page_of_states_is_what_the_table_says()
    {
        string page = StateEventTable.Page();
        if (Environment.GetEnvironmentVariable("DATABUILD_ACCEPT") == "1")
        {
            File.WriteAllText(PagePath(), page);
        }

        Assert.Equal(File.ReadAllText(PagePath()), page);
    }

    private static string PagePath([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "states.md"));
}

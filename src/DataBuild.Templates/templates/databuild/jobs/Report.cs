using DataBuild.Jobs;

namespace Pipeline;

/// <summary>A month as a table. Which days it is made of, only the month's sales know: those are asked for here.</summary>
static class Report
{
    public static void Make(PartitionKey key, PartitionIO io)
    {
        var days = Sale.Read(io.Input("sales/{month}")).Select(sale => sale.Date).Distinct().Order();

        // Days that are not there yet are made first, and this job is run again.
        var daily = io.Inputs(days.Select(day => Ref.Of($"daily/{day}.csv")));

        List<Total> totals = [.. Total.Of(daily.SelectMany(Total.Read))];
        decimal revenue = totals.Sum(total => total.Revenue);
        File.WriteAllLines(io.Output(),
        [
            $"# {key["month"]}",
            "",
            $"{daily.Count} market days",
            "",
            "| item | quantity | revenue |",
            "| --- | ---: | ---: |",
            .. totals.Select(total => $"| {total.Item} | {total.Quantity} | {total.Revenue:0.00} |"),
            $"| **all** | {totals.Sum(total => total.Quantity)} | {revenue:0.00} |",
        ]);
        io.Describe("revenue", revenue);
    }
}

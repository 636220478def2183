using DataBuild.Jobs;

namespace Pipeline;

/// <summary>A market day: what was sold, by item.</summary>
static class Daily
{
    public static void Make(PartitionKey key, PartitionIO io)
    {
        var sales = Sale.Read(io.Input("sales/{date.month}")).Where(sale => sale.Date == key.Date());
        var totals = Total.Of(sales.Select(sale => new Total(sale.Item, sale.Quantity, sale.Revenue)));
        Total.Write(io.Output(), totals);
    }
}

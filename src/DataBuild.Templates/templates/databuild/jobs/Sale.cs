namespace Pipeline;

/// <summary>Some pieces of one item, sold on one day.</summary>
record Sale(DateOnly Date, string Item, int Quantity, decimal Price)
{
    public decimal Revenue => Quantity * Price;

    public static IEnumerable<Sale> Read(string file) => File.ReadLines(file).Skip(1).Select(Parse);

    private static Sale Parse(string line) => line.Split(',') is [var date, var item, var quantity, var price]
        ? new Sale(DateOnly.Parse(date), item, int.Parse(quantity), decimal.Parse(price))
        : throw new FormatException($"'{line}' is not date,item,quantity,price");
}

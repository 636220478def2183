namespace Pipeline;

/// <summary>How much of an item was sold, and for how much.</summary>
record Total(string Item, int Quantity, decimal Revenue)
{
    /// <summary>One total an item, in the order of their names.</summary>
    public static IEnumerable<Total> Of(IEnumerable<Total> parts) => parts
        .GroupBy(part => part.Item)
        .Select(item => new Total(item.Key, item.Sum(part => part.Quantity), item.Sum(part => part.Revenue)))
        .OrderBy(total => total.Item, StringComparer.Ordinal);

    public static IEnumerable<Total> Read(string file) => File.ReadLines(file).Skip(1)
        .Select(line => line.Split(','))
        .Select(cells => new Total(cells[0], int.Parse(cells[1]), decimal.Parse(cells[2])));

    public static void Write(string file, IEnumerable<Total> totals) => File.WriteAllLines(file,
        ["item,quantity,revenue", .. totals.Select(total => $"{total.Item},{total.Quantity},{total.Revenue:0.00}")]);
}

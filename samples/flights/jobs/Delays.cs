namespace Flights;

/// <summary>Counts and sums of delays. Whole numbers, so that adding them up in any order gives the same.</summary>
/// <param name="Flights">How many flights.</param>
/// <param name="Late">Those that arrived at least <see cref="LateMinutes"/> late.</param>
/// <param name="Minutes">The sum of all delays, early arrivals counted as negative.</param>
readonly record struct Delays(long Flights, long Late, long Minutes)
{
    public const int LateMinutes = 15;

    public static Delays Of(Flight flight) => new(1, flight.DelayMinutes >= LateMinutes ? 1 : 0, flight.DelayMinutes);

    public decimal MeanMinutes => Flights == 0 ? 0 : decimal.Round((decimal)Minutes / Flights, 2, MidpointRounding.AwayFromZero);

    public decimal LatePercent => Flights == 0 ? 0 : decimal.Round(100m * Late / Flights, 1, MidpointRounding.AwayFromZero);

    public static Delays operator +(Delays a, Delays b) => new(a.Flights + b.Flights, a.Late + b.Late, a.Minutes + b.Minutes);
}

namespace Flights;

/// <summary>
/// Albers' equal-area conic projection (Snyder, Map Projections: A Working Manual, 1987, p. 100), one for each part of the country:
/// Alaska (at a third of the scale), Hawaii and the Caribbean stand below the contiguous states.
/// </summary>
sealed class Projection
{
    public const int Width = 960;
    public const int Height = 590;

    private static readonly Projection Contiguous = new(-96, 38.5, 29.5, 45.5, 1.0, 478, 262);
    private static readonly Projection Alaska = new(-152, 62, 55, 65, 0.36, 130, 485);
    private static readonly Projection Hawaii = new(-157.5, 20.5, 8, 18, 1.0, 320, 535);
    private static readonly Projection Caribbean = new(-66, 18.2, 8, 18, 1.0, 800, 548);

    private readonly double n;
    private readonly double c;
    private readonly double rho0;
    private readonly double centre;
    private readonly double scale;
    private readonly (double X, double Y) origin;

    private Projection(double longitude, double latitude, double parallel1, double parallel2, double scale, double x, double y)
    {
        double s1 = Math.Sin(Radians(parallel1));
        n = (s1 + Math.Sin(Radians(parallel2))) / 2;
        c = 1 + (s1 * (2 * n - s1));
        centre = Radians(longitude);
        rho0 = Rho(Radians(latitude));
        this.scale = scale * 1180;
        origin = (x, y);
    }

    /// <summary>Null where the map doesn't reach: the Pacific territories.</summary>
    public static Projection? For(Airport airport) => airport.State switch
    {
        "AK" => airport.Longitude < 0 ? Alaska : null,
        "HI" => airport.Longitude > -161 ? Hawaii : null,
        "PR" or "VI" => Caribbean,
        _ => airport is { Longitude: > -125 and < -66, Latitude: > 24 and < 50 } ? Contiguous : null,
    };

    public (double X, double Y) Project(Airport airport)
    {
        double rho = Rho(Radians((double)airport.Latitude));
        double theta = n * (Radians((double)airport.Longitude) - centre);
        return (origin.X + (scale * rho * Math.Sin(theta)), origin.Y - (scale * (rho0 - (rho * Math.Cos(theta)))));
    }

    private static double Radians(double degrees) => degrees * Math.PI / 180;

    private double Rho(double latitude) => Math.Sqrt(c - (2 * n * Math.Sin(latitude))) / n;
}

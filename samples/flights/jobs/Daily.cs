using DataBuild.Jobs;

namespace Flights;

/// <summary>A day's delays by origin. Distances play no part: a day whose distances alone change keeps its bytes.</summary>
static class Daily
{
    public static void Make(PartitionKey key, PartitionIO io)
    {
        var table = new OriginTable();
        foreach (string row in CsvFile.Rows(io.Input("raw/{date}")))
        {
            if (!Flight.TryParse(row, out Flight flight, out string fault))
            {
                throw new PartitionFailedException($"raw/{key["date"]}: {fault}");
            }

            table.Add(flight.Origin, Delays.Of(flight));
        }

        table.Write(io.Output());
        io.Describe("flights", table.Total.Flights);
        io.Describe("origins", table.Origins.Count());
    }
}

using DataBuild.Jobs;

namespace Flights;

/// <summary>Seven days' delays by origin. The project declares no needs: the days are asked for here.</summary>
static class Weekly
{
    public static void Make(PartitionKey key, PartitionIO io)
    {
        OriginTable table = OriginTable.Read(io.Inputs("daily/{date-6d..date}"));
        table.Write(io.Output());
        io.Describe("flights", table.Total.Flights);
    }
}

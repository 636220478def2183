using DataBuild.Jobs;

namespace Flights;

/// <summary>Cuts a month's file into days. A file is read once a run, whatever number of its days the run is to make.</summary>
sealed class Ingest
{
    private readonly Dictionary<string, MonthFile> files = [];

    public void Make(PartitionKey key, PartitionIO io)
    {
        string path = io.Input("csv/{date.month}");
        if (!files.TryGetValue(path, out MonthFile? file))
        {
            files[path] = file = MonthFile.Read(path);
        }

        IReadOnlyList<string> flights = file.Flights(key.Date());
        CsvFile.Write(io.Output(), Flight.Header, flights);
        io.Describe("rows", flights.Count);
    }
}

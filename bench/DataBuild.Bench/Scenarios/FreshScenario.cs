using DataBuild.Bench.Peers;
using DataBuild.Bench.Works;

namespace DataBuild.Bench.Scenarios;

/// <summary>Everything is to be made. In each round each tool has a new folder, and the one that begins changes from round to round.</summary>
internal sealed class FreshScenario(string name, string title, int rounds, Func<Bench, IReadOnlyList<Contestant>> contestants) : Scenario(name, title)
{
    /// <summary>Enough processes to measure the floor by.</summary>
    private const int FloorProcesses = 2_000;

    public override Outcome Run(Bench bench)
    {
        var all = contestants(bench);
        var outcome = new Outcome { Name = Name, Title = Title, Scale = bench.Scale };
        var rows = all.Select(one => new Row { Work = "build", Tool = one.Peer.Name, Count = one.Work.Count, Processes = one.Peer.ProcessesOf(one.Work.Count), Note = one.Peer.Missing ?? "" }).ToList();
        outcome.Rows.AddRange(rows);
        for (int round = 0; round < bench.Rounds(rounds); round++)
        {
            string floor = bench.NewFolder();
            Directory.CreateDirectory(floor);
            outcome.Floors.Add(bench.Native.Floor(Math.Min(FloorProcesses, bench.Sized(FloorProcesses)), bench.AtOnce, Path.Combine(floor, "file")));
            for (int turn = 0; turn < all.Count; turn++)
            {
                int i = (turn + round) % all.Count;
                if (rows[i].Note.Length == 0)
                {
                    Measure(bench, all[i], rows[i]);
                }
            }
        }

        return outcome;
    }

    private static void Measure(Bench bench, Contestant one, Row row)
    {
        string folder = bench.NewFolder();
        one.Peer.Lay(folder, one.Work);
        try
        {
            var measured = one.Peer.Run(folder);
            Bench.Check(one, folder);
            row.Rounds.Add(measured);
            Bench.Say($"    {row.Tool}: {row.Count} in {measured.Wall:0.000} s");
        }
        catch (BenchException e) when (one.Peer is not EnginePeer)
        {
            // A peer that cannot do it here costs its own row; DataBuild has to.
            row.Note = e.Message;
            Bench.Say($"    {row.Tool}: {e.Message}");
        }
    }
}

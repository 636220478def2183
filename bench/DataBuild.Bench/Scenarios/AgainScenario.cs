using DataBuild.Bench.Peers;

namespace DataBuild.Bench.Scenarios;

/// <summary>Everything is there. Each tool has one folder, made before; a round is a build with nothing to do and, where there are sources, one after a change.</summary>
internal sealed class AgainScenario(string name, string title, int rounds, Func<Bench, IReadOnlyList<Contestant>> contestants) : Scenario(name, title)
{
    public override Outcome Run(Bench bench)
    {
        var outcome = new Outcome { Name = Name, Title = Title, Scale = bench.Scale };
        var entries = new List<(Contestant One, string Folder, Row Nothing, Row? Change)>();
        foreach (var one in contestants(bench))
        {
            string folder = bench.NewFolder();
            var nothing = new Row { Work = "nothing to do", Tool = one.Peer.Name, Count = one.Work.Count, Note = one.Peer.Missing ?? "" };
            var change = one.Work.Sources.Count == 0 ? null : new Row { Work = "one change", Tool = one.Peer.Name, Count = one.Work.Count, Processes = 1, Note = nothing.Note };
            entries.Add((one, folder, nothing, change));
            if (nothing.Note.Length == 0)
            {
                one.Peer.Lay(folder, one.Work);
                var first = one.Peer.Run(folder);
                Bench.Check(one, folder);
                Bench.Say($"    {nothing.Tool}: {nothing.Count} made in {first.Wall:0.000} s");
            }
        }

        for (int round = 0; round < bench.Rounds(rounds); round++)
        {
            foreach (var (one, folder, nothing, change) in entries.Where(entry => entry.Nothing.Note.Length == 0))
            {
                nothing.Rounds.Add(one.Peer.Run(folder));
                RequireRuns(one, 0);
                if (change is not null)
                {
                    File.AppendAllText(Path.Combine(folder, one.Work.Sources[round % one.Work.Sources.Count]), $"and again {round}\n");
                    change.Rounds.Add(one.Peer.Run(folder));
                    RequireRuns(one, 1);
                }
            }
        }

        foreach (var (one, folder, nothing, change) in entries.Where(entry => entry.Nothing.Note.Length == 0))
        {
            Bench.Check(one, folder);
            Bench.Say($"    {nothing.Tool}: nothing to do {nothing.Wall:0.000} s{(change is null ? "" : $", one change {change.Wall:0.000} s")}");
        }

        outcome.Rows.AddRange(entries.Select(entry => entry.Nothing));
        outcome.Rows.AddRange(entries.Where(entry => entry.Change is not null).Select(entry => entry.Change!));
        return outcome;
    }

    private static void RequireRuns(Contestant one, int runs)
    {
        if (one.Peer is EnginePeer { Result: { } result } && result.Runs != runs)
        {
            throw new BenchException($"{one.Peer.Name} ran {result.Runs} jobs and not {runs}: {result.Summary}");
        }
    }
}

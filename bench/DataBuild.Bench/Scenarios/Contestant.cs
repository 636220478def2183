using DataBuild.Bench.Peers;
using DataBuild.Bench.Works;

namespace DataBuild.Bench.Scenarios;

/// <summary>A tool and the work that it is given: less of it where it would take minutes.</summary>
internal sealed record Contestant(Peer Peer, Work Work);

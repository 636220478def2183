using DataBuild.Engine.Reconciling;
using DataBuild.Engine.State;

namespace DataBuild.Engine.Hosting.Serving;

/// <summary>What keeps a loop going for ever: a calendar, a project that changes, and others who want something done. On the loop's thread.</summary>
internal interface IStandingWork
{
    /// <summary>When <see cref="Turn"/> has something to do, if nothing happens before.</summary>
    DateTimeOffset? Next { get; }

    /// <summary>What has outlived its retention is to be removed after this turn.</summary>
    bool Expires { get; }

    /// <summary>Told of what events changed, before anything is decided on them.</summary>
    void Changed(StateChange change);

    /// <summary>At the beginning of each turn: adds to the journal what is due.</summary>
    /// <param name="reconciler">Told what is to be looked at again.</param>
    /// <param name="tell">Passes on what was added, to all who have to know.</param>
    void Turn(Reconciler reconciler, Action tell);

    /// <summary>Everything that was decided is stored, and the runs of the decision are started.</summary>
    void Decided(Decision decision);
}

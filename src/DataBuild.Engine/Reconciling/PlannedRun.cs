using DataBuild.Engine.Graph;
using DataBuild.V1;

namespace DataBuild.Engine.Reconciling;

/// <summary>A run that is to be started once its intent is logged.</summary>
public sealed record PlannedRun(Job Job, JobRunQueueEventV1 Queue);

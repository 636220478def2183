namespace DataBuild.Faults.Tests.PowerLoss;

/// <summary>What was recorded does not make the folder as it is: of two calls at one time, which came first cannot be seen from outside.</summary>
internal sealed class UnclearRecordingException(string why) : Exception($"the recording is not what was done: {why}");

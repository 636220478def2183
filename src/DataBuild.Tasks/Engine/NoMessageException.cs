namespace DataBuild.Tasks.Engine;

/// <summary>Bytes came that are no message; its message shows the first of them.</summary>
internal sealed class NoMessageException(string shown, Exception? inner = null) : Exception(shown, inner);

namespace DataBuild.Engine.Graph;

/// <summary>The rules of a ref's text.</summary>
public static class PartitionRef
{
    public const int MaxBytes = 1024;

    public static bool TryValidate(string text, out string problem) => throw new NotImplementedException();
}

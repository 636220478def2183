namespace DataBuild.Engine.Graph;

/// <summary>Numbers from one to another, both included; never empty.</summary>
internal readonly record struct NumberRange(long Low, long High)
{
    public long Count => High - Low + 1;
}

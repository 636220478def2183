namespace DataBuild.Engine.Hosting;

/// <summary>What of a session's writes is made durable.</summary>
internal readonly record struct SessionDurability(Log.Durability Log, Files.Durability Files)
{
    public static SessionDurability Full { get; } = new(Engine.Log.Durability.Full, Engine.Files.Durability.Full);
}

namespace DataBuild.Engine.State;

/// <summary>An event that may not come next for its entity. The engine never appends one: this is a bug, or a foreign hand in the log.</summary>
public sealed class IllegalEventException(string rule, string text) : Exception($"{text} (rule: {rule})")
{
    /// <summary>Name of the rule, as in the table of states and events.</summary>
    public string Rule { get; } = rule;
}

namespace DataBuild.Engine.Graph;

/// <summary>
/// The rules of <see cref="PartitionRef"/> for one segment (but its length) as an automaton, to walk beside those of patterns:
/// reserved names, whatever their case, and ends in dot or space. State <see cref="Safe"/> accepts whatever any state accepts.
/// </summary>
internal sealed class SegmentNames
{
    public const int Safe = 0;

    private const int Dead = -1;

    private readonly List<Dictionary<char, int>> _next = [[]];
    private readonly List<int> _names = [0];

    private SegmentNames(bool first)
    {
        foreach (var device in PartitionRef.DeviceNames)
        {
            AddName(device, isDevice: true);
        }

        if (first)
        {
            AddName(PartitionRef.ReservedSegment, isDevice: false);
        }
    }

    public static SegmentNames First { get; } = new(first: true);

    public static SegmentNames Later { get; } = new(first: false);

    // A state is a node of the names read so far (0: none of them any more), doubled, plus 1 where the last character may not be the last.
    public static int Start => 2;

    public static bool IsDead(int state) => state == Dead;

    public bool Accepts(int state) => state != Dead && (state & 1) == 0 && state != Start && _names[state >> 1] == 0;

    public int Next(int state, char c)
    {
        var node = state >> 1;
        if (c == ' ')
        {
            // Windows drops spaces at the end of a device's name, so they leave it in force.
            return ((node > 0 && _names[node] == 1 ? node : 0) << 1) | 1;
        }

        if (c == '.' && node > 0 && _names[node] == 1)
        {
            return Dead;
        }

        var afterSpace = (state & 1) == 1 && node > 0 && _names[node] == 1;
        var next = node > 0 && !afterSpace && _next[node].TryGetValue(char.ToUpperInvariant(c), out var target) ? target : 0;
        return (next << 1) | (c == '.' ? 1 : 0);
    }

    private void AddName(string name, bool isDevice)
    {
        if (_next.Count == 1)
        {
            AddNode();
        }

        var node = Start >> 1;
        foreach (var c in name)
        {
            var upper = char.ToUpperInvariant(c);
            if (!_next[node].TryGetValue(upper, out var target))
            {
                target = _next[node][upper] = AddNode();
            }

            node = target;
        }

        _names[node] = isDevice ? 1 : 2;
    }

    private int AddNode()
    {
        _next.Add([]);
        _names.Add(0);
        return _next.Count - 1;
    }
}

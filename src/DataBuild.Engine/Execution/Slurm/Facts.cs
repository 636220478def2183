using System.Globalization;

namespace DataBuild.Engine.Execution.Slurm;

/// <summary>A small file of <c>name=value</c> lines that a payload wrote and renamed into place.</summary>
internal sealed class Facts
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private Facts()
    {
    }

    public string this[string name] => _values.GetValueOrDefault(name, "");

    /// <summary>Null if there is no such file.</summary>
    public static Facts? Read(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        var facts = new Facts();
        foreach (var line in text.Split('\n'))
        {
            var end = line.IndexOf('=', StringComparison.Ordinal);
            if (end > 0)
            {
                facts._values[line[..end]] = line[(end + 1)..];
            }
        }

        return facts;
    }

    public int Number(string name) => int.TryParse(this[name], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>Seconds since 1970, by the node's clock; null where it is none.</summary>
    public DateTimeOffset? Time(string name) =>
        decimal.TryParse(this[name], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 1e11m
            ? DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond))
            : null;
}

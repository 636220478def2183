using System.Globalization;
using System.Text;

namespace DataBuild.Simulation.Tests;

/// <summary>How often each happening met each effect, over all scenarios.</summary>
internal sealed class Coverage
{
    private readonly int[,] counts = new int[Enum.GetValues<Happening>().Length, Enum.GetValues<Effect>().Length];

    public void Count(Happening what, Effect effect) => Interlocked.Increment(ref counts[(int)what, (int)effect]);

    /// <summary>Cells that no scenario hit.</summary>
    public IEnumerable<(Happening, Effect)> Missed()
    {
        foreach (var what in Enum.GetValues<Happening>())
        {
            foreach (var effect in Enum.GetValues<Effect>())
            {
                if (counts[(int)what, (int)effect] == 0)
                {
                    yield return (what, effect);
                }
            }
        }
    }

    public string Table()
    {
        var effects = Enum.GetValues<Effect>();
        var text = new StringBuilder("happening x effect".PadRight(20));
        text.AppendLine(string.Concat(effects.Select(effect => effect.ToString().PadLeft(9))));
        foreach (var what in Enum.GetValues<Happening>())
        {
            text.Append(what.ToString().PadRight(20));
            text.AppendLine(string.Concat(effects.Select(effect => counts[(int)what, (int)effect].ToString(CultureInfo.InvariantCulture).PadLeft(9))));
        }

        return text.ToString();
    }
}

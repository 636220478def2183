using System.Text;

namespace DataBuild.Engine.Graph;

/// <summary>One segment of a pattern, without the names of its placeholders: what texts it matches.</summary>
internal sealed class SegmentShape
{
    private SegmentAutomaton? _exact;
    private SegmentAutomaton? _folded;

    private SegmentShape(IReadOnlyList<SegmentAtom> atoms, bool isFirst)
    {
        Atoms = atoms;
        IsFirst = isFirst;
        Key = KeyOf(atoms);
        Prefix = (atoms[0].Literal ?? "").ToUpperInvariant();
        Suffix = (atoms[^1].Literal ?? "").ToUpperInvariant();
        IsLiteral = atoms.Count == 1 && atoms[0].Literal is not null;
    }

    public IReadOnlyList<SegmentAtom> Atoms { get; }

    /// <summary>The first segment of a ref has one more reserved name.</summary>
    public bool IsFirst { get; }

    /// <summary>Equal for segments that match the same texts by the same rules.</summary>
    public string Key { get; }

    /// <summary>The literal text that it begins with, upper-cased.</summary>
    public string Prefix { get; }

    /// <summary>The literal text that it ends with, upper-cased.</summary>
    public string Suffix { get; }

    public bool IsLiteral { get; }

    public static List<SegmentShape> Of(PartitionPattern pattern)
    {
        List<SegmentShape> segments = [];
        List<SegmentAtom> atoms = [];
        foreach (var part in pattern.Parts)
        {
            if (part.Literal is null)
            {
                atoms.Add(new SegmentAtom(null, pattern.Placeholders[part.Placeholder]));
                continue;
            }

            var pieces = part.Literal.Split('/');
            for (var i = 0; i < pieces.Length; i++)
            {
                if (i > 0)
                {
                    segments.Add(new SegmentShape(atoms, segments.Count == 0));
                    atoms = [];
                }

                if (pieces[i].Length > 0)
                {
                    atoms.Add(new SegmentAtom(pieces[i], null));
                }
            }
        }

        segments.Add(new SegmentShape(atoms, segments.Count == 0));
        return segments;
    }

    public SegmentAutomaton Automaton(bool fold) =>
        fold ? _folded ??= new SegmentAutomaton(Atoms, fold: true) : _exact ??= new SegmentAutomaton(Atoms, fold: false);

    /// <summary>A text that can be read in two ways; null if there is none.</summary>
    public string? AmbiguousText() =>
        Atoms.Count(atom => !atom.IsFixedLength) < 2 ? null : SegmentProduct.Find(this, this, fold: false, diverging: true)?.First;

    private static string KeyOf(IReadOnlyList<SegmentAtom> atoms)
    {
        var key = new StringBuilder();
        foreach (var atom in atoms)
        {
            // A brace is in no literal, so this cannot be mistaken for one.
            key.Append(atom.Literal ?? $"{{{atom.Placeholder!.Kind}:{string.Join('|', atom.Placeholder.Values)}}}");
        }

        return key.ToString();
    }
}

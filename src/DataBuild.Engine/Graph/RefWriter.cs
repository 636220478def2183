using DataBuild.Engine.Diagnostics;

namespace DataBuild.Engine.Graph;

/// <summary>Builds a ref in a buffer of the caller's; too long a text is an error that shows how it begins.</summary>
internal ref struct RefWriter(Span<char> buffer)
{
    private readonly Span<char> _buffer = buffer;
    private int _length;

    public readonly ReadOnlySpan<char> Written => _buffer[.._length];

    public void Append(scoped ReadOnlySpan<char> text)
    {
        if (text.Length > _buffer.Length - _length)
        {
            throw TooLong();
        }

        text.CopyTo(_buffer[_length..]);
        _length += text.Length;
    }

    public void Append(PlaceholderKind kind, long number)
    {
        if (_buffer.Length - _length >= ValueText.MaxLength)
        {
            _length += ValueText.Write(kind, number, _buffer[_length..]);
            return;
        }

        // Near the end it depends on the value whether it fits.
        Span<char> value = stackalloc char[ValueText.MaxLength];
        Append(value[..ValueText.Write(kind, number, value)]);
    }

    public override readonly string ToString() => new(_buffer[.._length]);

    private readonly DataBuildException TooLong() => new(
        Rules.BadRef, $"the ref '{_buffer[..Math.Min(_length, 60)]}...' {PartitionRef.Describe(RefFlaw.TooLong)}");
}

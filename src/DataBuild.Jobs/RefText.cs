using System.ComponentModel;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace DataBuild.Jobs;

/// <summary>
/// An interpolated string that is a ref: <c>$"daily/{day}"</c>. The compiler makes it; dates are written <c>yyyy-MM-dd</c>,
/// months <c>yyyy-MM</c>, instants <c>yyyy-MM-ddTHH</c>, everything else by the invariant culture.
/// </summary>
[InterpolatedStringHandler]
public readonly struct RefText
{
    private readonly StringBuilder text;

    /// <summary>For the compiler.</summary>
    /// <param name="literalLength">How long the literal text is.</param>
    /// <param name="formattedCount">How many holes there are.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public RefText(int literalLength, int formattedCount) => text = new StringBuilder(literalLength + (formattedCount * 10));

    /// <summary>For the compiler.</summary>
    /// <param name="value">Literal text.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void AppendLiteral(string value) => text.Append(value);

    /// <summary>For the compiler.</summary>
    /// <param name="value">A text.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void AppendFormatted(string? value) => text.Append(value);

    /// <summary>For the compiler.</summary>
    /// <param name="value">A value.</param>
    /// <param name="format">Its format; the one that refs use unless given.</param>
    /// <typeparam name="T">Its type.</typeparam>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void AppendFormatted<T>(T value, string? format = null)
        where T : IFormattable
    {
        format ??= value switch
        {
            DateOnly => PlaceholderFormat.Date,
            DateTime or DateTimeOffset => PlaceholderFormat.Hour,
            _ => null,
        };
        text.Append(value.ToString(format, CultureInfo.InvariantCulture));
    }

    /// <summary>The ref.</summary>
    public override string ToString() => text?.ToString() ?? "";
}

using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using DataBuild.Engine.Diagnostics;
using Google.Protobuf;

namespace DataBuild.Service.Methods;

/// <summary>
/// Pages: how many elements, and where the next page begins. A token names the place and the arguments of the request, so that one that
/// belongs to another request is noticed. It holds nothing secret and gives no right.
/// </summary>
internal static class Paging
{
    private const int HashBytes = 8;
    private const int LongestToken = 8_192;

    public static int Size(int asked) => asked switch
    {
        < 0 => throw new DataBuildException(Rules.BadRequest, $"page_size {asked}: this is a number from 0 (for {ApiLimits.DefaultPage}) to {ApiLimits.LargestPage}"),
        0 => ApiLimits.DefaultPage,
        _ => Math.Min(asked, ApiLimits.LargestPage),
    };

    /// <summary>The token of the page that begins after a place.</summary>
    public static string Token(IMessage request, string place) => Base64Url.EncodeToString([.. HashOf(request), .. Encoding.UTF8.GetBytes(place)]);

    /// <summary>The place; null for the first page.</summary>
    public static string? Place(IMessage request, string token)
    {
        if (token.Length == 0)
        {
            return null;
        }

        if (token.Length > LongestToken || !Base64Url.IsValid(token))
        {
            throw Bad();
        }

        var bytes = Base64Url.DecodeFromChars(token);
        return bytes.Length > HashBytes && bytes.AsSpan(0, HashBytes).SequenceEqual(HashOf(request)) ? Encoding.UTF8.GetString(bytes, HashBytes, bytes.Length - HashBytes) : throw Bad();
    }

    /// <summary>A place that is a number.</summary>
    public static ulong? Offset(IMessage request, string token) => Place(request, token) is not { } place ? null
        : ulong.TryParse(place, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out ulong offset) ? offset : throw Bad();

    public static DataBuildException Bad() =>
        new(Rules.BadPageToken, "the page_token is none that this request was answered with; ask with the arguments of the page before and its next_page_token, or without a token from the first page on");

    /// <summary>Of the arguments but for the page's own: a page may be larger or smaller than the one before.</summary>
    private static byte[] HashOf(IMessage request)
    {
        var fields = request.Descriptor.Fields;
        using var bytes = new MemoryStream();
        bytes.Write(Encoding.UTF8.GetBytes(request.Descriptor.FullName));
        foreach (var field in fields.InFieldNumberOrder().Where(field => field.Name is not ("page_size" or "page_token")))
        {
            object? value = field.Accessor.GetValue(request);
            bytes.Write(Encoding.UTF8.GetBytes($"\n{field.FieldNumber}:{(value is System.Collections.IEnumerable and not string ? string.Join('\n', ((System.Collections.IEnumerable)value).Cast<object>()) : value)}"));
        }

        return SHA256.HashData(bytes.ToArray())[..HashBytes];
    }
}

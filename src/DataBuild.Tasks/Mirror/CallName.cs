using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DataBuild.V1;

namespace DataBuild.Tasks.Mirror;

/// <summary>
/// Names a call of the engine within one build. A project is built once for each set of global properties and asks the engine once
/// for each mode and job: no two calls of a build have one name, and the same command has the same name again.
/// </summary>
internal static class CallName
{
    private const int MostCharacters = 80;

    public static string Of(EngineRequest request, IDictionary<string, string> globalProperties)
    {
        var name = string.Join(".", new[] { request.Mode.ToString().ToLowerInvariant() }.Concat(request.Jobs));
        var rest = string.Join("\n", globalProperties.OrderBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase).Select(pair => pair.Key + "=" + pair.Value));
        return name.Length <= MostCharacters && rest.Length == 0 ? name : name.Substring(0, Math.Min(name.Length, MostCharacters)) + "." + Hash(name + "\n" + rest);
    }

    private static string Hash(string text)
    {
        using var hash = SHA256.Create();
        return string.Concat(hash.ComputeHash(Encoding.UTF8.GetBytes(text)).Take(4).Select(value => value.ToString("x2", CultureInfo.InvariantCulture)));
    }
}

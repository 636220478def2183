using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using DataBuild.Engine.Files;

namespace DataBuild.Engine.Hosting.Serving;

/// <summary>
/// The token of a service that listens beyond its machine. What is kept of it is a hash, in a file that its user alone may read; whoever
/// loses the token makes a new one.
/// </summary>
public static class ServiceToken
{
    private const int Bytes = 32;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static string FileIn(string stateDirectory) => Path.Combine(stateDirectory, "service.token");

    /// <summary>A new token, in force when this returns.</summary>
    public static string Make(string stateDirectory)
    {
        string token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));
        string made = $"{FileIn(stateDirectory)}.{Environment.ProcessId}";
        StateFolder.Guarded(stateDirectory, () =>
        {
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = OwnerOnly;
            }

            using (var file = new FileStream(made, options))
            {
                file.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(HashOf(token)) + "\n"));
            }

            File.Move(made, FileIn(stateDirectory), overwrite: true);
        });
        return token;
    }

    /// <summary>The hash of the token in force; null where there is none.</summary>
    public static byte[]? Read(string stateDirectory)
    {
        string file = FileIn(stateDirectory);
        if (!File.Exists(file))
        {
            return null;
        }

        string text = File.ReadAllText(file).Trim();
        return text.Length == 2 * SHA256.HashSizeInBytes && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text) : null;
    }

    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}

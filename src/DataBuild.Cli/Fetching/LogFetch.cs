using System.Globalization;
using System.Net;
using DataBuild.Cli.Output;
using DataBuild.Engine.Diagnostics;

namespace DataBuild.Cli.Fetching;

/// <summary>
/// The log that `plan --log` names: a file, or what a server gives for an address. What is in an address beside host and path (user,
/// password, a signature in the query) is never shown.
/// </summary>
/// <param name="patience">How long a server may take in all.</param>
/// <param name="mostBytes">Most that it may give.</param>
/// <param name="cacheFolder">Where what it gave is kept.</param>
internal sealed class LogFetch(TimeSpan patience, long mostBytes, string cacheFolder)
{
    /// <summary>Value of the header that tells the server who asks; an argument would be seen by everybody on the machine.</summary>
    private const string AuthorizationVariable = "DATABUILD_LOG_AUTHORIZATION";

    public async Task<FetchedLog> GetAsync(string named, CancellationToken stop)
    {
        if (!named.Contains("://", StringComparison.Ordinal))
        {
            string file = Path.GetFullPath(named);
            return new FetchedLog(file, file, IsPassing: false);
        }

        if (!Uri.TryCreate(named, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            // Nothing more of it is shown: what is secret in an address of another kind is not known here.
            throw new DataBuildException(Rules.BadLogAddress, $"'{named[..named.IndexOf("://", StringComparison.Ordinal)]}://...' is no address that a log can be fetched from; give one of the form https://HOST/PATH, or the path of a file");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(patience);
        try
        {
            return await FetchAsync(address, new FetchCache(cacheFolder, address), limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new DataBuildException(
                Rules.LogDownloadTooSlow, string.Create(CultureInfo.InvariantCulture, $"{Shown(address)} did not give the log within {patience.TotalSeconds:0} s; allow more with --log-timeout, or try again"));
        }
    }

    private async Task<FetchedLog> FetchAsync(Uri address, FetchCache cache, CancellationToken limit)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.All }) { Timeout = Timeout.InfiniteTimeSpan };
        using var request = new HttpRequestMessage(HttpMethod.Get, new UriBuilder(address) { UserName = "", Password = "" }.Uri);
        Authorize(request, address);
        var known = cache.Known();
        if (known is { } here)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", here.Version);
        }

        using var response = await SendAsync(client, request, address, limit).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotModified && known is { } same)
        {
            return new FetchedLog(same.File, Shown(address), IsPassing: false);
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            string next = response.StatusCode switch
            {
                HttpStatusCode.NotFound => "correct the address, or upload there what `databuild log backup` makes",
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => $"put what it wants to see, such as 'Bearer TOKEN', into the environment variable {AuthorizationVariable}",
                _ => "try again, or correct the address",
            };
            throw new DataBuildException(
                Rules.LogNotServed, string.Create(CultureInfo.InvariantCulture, $"{Shown(address)} gave no log but {(int)response.StatusCode} {response.ReasonPhrase}; {next}"));
        }

        if (response.Content.Headers.ContentLength > mostBytes)
        {
            throw TooLarge(address, response.Content.Headers.ContentLength.Value);
        }

        string file = cache.NewFile();
        try
        {
            await CopyAsync(response.Content, file, address, limit).ConfigureAwait(false);
            return response.Headers.ETag is { } tag
                ? new FetchedLog(cache.Keep(file, tag.ToString()), Shown(address), IsPassing: false)
                : new FetchedLog(file, Shown(address), IsPassing: true);
        }
        catch
        {
            File.Delete(file);
            throw;
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpRequestMessage request, Uri address, CancellationToken limit)
    {
        try
        {
            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw new DataBuildException(Rules.LogServerUnreachable, $"{Shown(address)} could not be reached: {e.Message.TrimEnd('.')}; correct the address, or try again", inner: e);
        }
    }

    private async Task CopyAsync(HttpContent content, string file, Uri address, CancellationToken limit)
    {
        using var from = await content.ReadAsStreamAsync(limit).ConfigureAwait(false);
        using var to = new FileStream(file, FileMode.CreateNew, FileAccess.Write);
        var buffer = new byte[1 << 16];
        long all = 0;
        while (true)
        {
            int read;
            try
            {
                read = await from.ReadAsync(buffer, limit).ConfigureAwait(false);
            }
            catch (Exception e) when (e is HttpIOException or IOException or InvalidDataException)
            {
                throw new DataBuildException(Rules.LogCutShort, $"the connection to {Shown(address)} ended after {Say.Bytes(all)}, before all of the log was here ({e.Message.TrimEnd('.')}); try again", inner: e);
            }

            if (read == 0)
            {
                return;
            }

            all += read;
            if (all > mostBytes)
            {
                throw TooLarge(address, all);
            }

            await to.WriteAsync(buffer.AsMemory(0, read), limit).ConfigureAwait(false);
        }
    }

    private static void Authorize(HttpRequestMessage request, Uri address)
    {
        if (Environment.GetEnvironmentVariable(AuthorizationVariable) is { Length: > 0 } authorization)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }
        else if (address.UserInfo.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Basic " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo))));
        }
    }

    private DataBuildException TooLarge(Uri address, long bytes) => new(
        Rules.LogDownloadTooLarge, $"{Shown(address)} gives {Say.Bytes(bytes)} or more, and {Say.Bytes(mostBytes)} are allowed; if that is a log of such a size, allow more with --log-size-limit");

    private static string Shown(Uri address) => $"{address.Scheme}://{address.Authority}{address.AbsolutePath}";
}

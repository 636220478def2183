using System.Net;
using System.Security.Cryptography;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Hosting.Serving;
using DataBuild.Service.Listening;
using Microsoft.AspNetCore.Http;

namespace DataBuild.Service.Access;

/// <summary>
/// Who may ask. On loopback whoever is on the machine may, but no page of a browser, which could be made to believe that the service
/// is its own site: host and origin must be the service's. Beyond loopback callers need the token, whose hash is in the folder named.
/// </summary>
internal sealed class AccessCheck(RequestDelegate next, Addresses addresses, string tokenFolder)
{
    private const string Scheme = "Bearer ";

    private static readonly string[] free = ["/healthz", "/readyz", "/grpc.health.v1.Health/Check"];

    public Task InvokeAsync(HttpContext context)
    {
        if (addresses.AreLoopback)
        {
            CheckHost(context.Request);
            CheckOrigin(context.Request);
        }

        if (tokenFolder.Length > 0 && !free.Contains(context.Request.Path.Value, StringComparer.Ordinal))
        {
            CheckToken(context.Request);
        }

        return next(context);
    }

    private void CheckHost(HttpRequest request)
    {
        string host = request.Host.Host.Trim('[', ']');
        bool isOwn = host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
        if (!isOwn || (request.Host.Port ?? addresses.Port) != addresses.Port)
        {
            throw new DataBuildException(Rules.ForeignOrigin, $"the request is for host '{request.Host}', and this service is {addresses.Url}; ask it by that address");
        }
    }

    private static void CheckOrigin(HttpRequest request)
    {
        string origin = request.Headers.Origin.ToString();
        string site = request.Headers["Sec-Fetch-Site"].ToString();
        if ((origin.Length > 0 && origin != $"http://{request.Host}") || site is "cross-site" or "same-site")
        {
            throw new DataBuildException(Rules.ForeignOrigin, $"the request comes from a page of '{(origin.Length > 0 ? origin : "another site")}', and this service answers none; ask it from a program");
        }
    }

    /// <summary>The file is read each time: a new token is in force at once, and the one before is not.</summary>
    private void CheckToken(HttpRequest request)
    {
        string header = request.Headers.Authorization.ToString();
        var given = header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;
        var known = ServiceToken.Read(tokenFolder);
        if (given is null || known is null || !CryptographicOperations.FixedTimeEquals(ServiceToken.HashOf(given), known))
        {
            throw new DataBuildException(
                Rules.NotAuthorized,
                $"{(given is null ? "no token was sent" : "the token is a wrong one")}; send the header Authorization: Bearer TOKEN with the one that the service showed, or make another with `databuild serve --new-token`");
        }
    }
}

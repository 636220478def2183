using System.Globalization;
using System.Net;
using System.Net.Sockets;
using DataBuild.Engine.Diagnostics;

namespace DataBuild.Service.Listening;

/// <summary>Where the service listens: at loopback, of both versions of IP, or where it was told to.</summary>
internal sealed record Addresses(IReadOnlyList<IPEndPoint> EndPoints)
{
    private const int Tries = 20;

    /// <summary>Only this machine reaches it.</summary>
    public bool AreLoopback => EndPoints.All(endPoint => IPAddress.IsLoopback(endPoint.Address));

    /// <summary>By which it is found; from the machine itself where it listens at all addresses.</summary>
    public string Url
    {
        get
        {
            var first = EndPoints[0];
            var address = first.Address.Equals(IPAddress.Any) ? IPAddress.Loopback : first.Address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : first.Address;
            return string.Create(CultureInfo.InvariantCulture, $"http://{new IPEndPoint(address, first.Port)}");
        }
    }

    public int Port => EndPoints[0].Port;

    /// <param name="listen">An IP address or "localhost"; null for loopback.</param>
    /// <param name="port">0 for one that is free.</param>
    public static Addresses Of(string? listen, int port)
    {
        IPAddress[] addresses = listen switch
        {
            null or "localhost" => CanUse(IPAddress.IPv6Loopback) ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : [IPAddress.Loopback],
            _ when IPAddress.TryParse(listen, out var one) => [one],
            _ => throw new DataBuildException(Rules.CannotListen, $"--listen {listen}: this is no IP address; write one of this machine, 0.0.0.0 or :: for all of them, or localhost"),
        };
        string? taken = null;
        for (int tried = 0; tried < (port == 0 ? Tries : 1); tried++)
        {
            int chosen = port != 0 ? port : Free(addresses[0]);
            taken = addresses.Select(address => Problem(new IPEndPoint(address, chosen))).FirstOrDefault(problem => problem is not null);
            if (taken is null)
            {
                return new Addresses([.. addresses.Select(address => new IPEndPoint(address, chosen))]);
            }
        }

        throw new DataBuildException(Rules.CannotListen, taken!);
    }

    private static bool CanUse(IPAddress address) => Problem(new IPEndPoint(address, 0)) is null;

    private static int Free(IPAddress address)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, 0));
            return ((IPEndPoint)socket.LocalEndPoint!).Port;
        }
        catch (SocketException e)
        {
            throw new DataBuildException(Rules.CannotListen, $"the service cannot listen at {address}: {e.Message}; choose an address of this machine with --listen", inner: e);
        }
    }

    private static string? Problem(IPEndPoint endPoint)
    {
        try
        {
            using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(endPoint);
            return null;
        }
        catch (SocketException e)
        {
            return $"the service cannot listen at {endPoint}: {e.Message}; choose another port with --port (0 takes one that is free), or another address with --listen";
        }
    }
}

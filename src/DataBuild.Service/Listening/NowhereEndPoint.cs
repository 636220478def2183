using System.Net;

namespace DataBuild.Service.Listening;

/// <summary>An endpoint that nobody can connect to: it is there for the connections that others hand to it.</summary>
internal sealed class NowhereEndPoint : EndPoint
{
    public override string ToString() => "nowhere";
}

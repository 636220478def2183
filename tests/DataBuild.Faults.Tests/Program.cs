using DataBuild.Engine.Hosting;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Faults.Tests;

/// <summary>The engine as a process, with durabilities that no project can choose: to be recorded, as <c>databuild engine</c> is.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        var output = Console.OpenStandardOutput();
        var gate = new Lock();
        var request = EngineRequest.Parser.ParseDelimitedFrom(Console.OpenStandardInput());
        var session = new BuildSession(request, Send, TimeProvider.System)
        {
            Durability = new SessionDurability(Enum.Parse<Engine.Log.Durability>(args[0]), Enum.Parse<Engine.Files.Durability>(args[1])),
        };
        await session.RunAsync(CancellationToken.None);
        return 0;

        void Send(EngineMessage message)
        {
            lock (gate)
            {
                message.WriteDelimitedTo(output);
                output.Flush();
            }
        }
    }
}

using DataBuild.FakeEngine;
using DataBuild.V1;

if (args is not ["engine"])
{
    // Started as the command line tool (dotnet run): say how.
    Console.WriteLine("fake engine called with: " + string.Join(" ", args));
    return 0;
}

var request = EngineRequest.Parser.ParseDelimitedFrom(Console.OpenStandardInput());
return new Script(request).Play();

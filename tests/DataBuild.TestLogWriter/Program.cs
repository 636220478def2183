using System.Diagnostics;
using System.Globalization;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Log;
using DataBuild.TestLogWriter;

// append LOG GROUP COUNT: appends COUNT groups and says the last offset after each; a coded error ends it with 3 and its code.
// hold LOG: takes the lease, says "held", keeps it until stdin ends.
// hold-with-child LOG: the same, after it has started a child that outlives it; says the child's pid.
var log = args[1];
try
{
    switch (args[0])
    {
        case "append":
            Append(int.Parse(args[2], CultureInfo.InvariantCulture), int.Parse(args[3], CultureInfo.InvariantCulture));
            return 0;
        case "hold":
            using (Lease.TryAcquire(log) ?? throw new InvalidOperationException("not free"))
            {
                Say("held");
                Console.In.ReadToEnd();
                return 0;
            }

        case "hold-with-child":
            using (Lease.TryAcquire(log) ?? throw new InvalidOperationException("not free"))
            {
                using var child = Process.Start("sleep", "60");
                Say(child.Id.ToString(CultureInfo.InvariantCulture));
                Console.In.ReadToEnd();
                return 0;
            }

        default:
            return 2;
    }
}
catch (DataBuildException e)
{
    Say(e.Rule.Code);
    return 3;
}

void Append(int group, int count)
{
    using var writer = SqliteBuildEventLog.OpenWriter(new() { Path = log });
    for (var i = 0; i < count; i++)
    {
        writer.Append([.. Enumerable.Range(1, group).Select(each => SampleEvents.Numbered(writer.LastOffset + (ulong)each))]);
        Say(writer.LastOffset.ToString(CultureInfo.InvariantCulture));
    }
}

static void Say(string line)
{
    Console.Out.WriteLine(line);
    Console.Out.Flush();
}

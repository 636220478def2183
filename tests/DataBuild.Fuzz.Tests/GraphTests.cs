using DataBuild.Engine.Graph;
using DataBuild.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace DataBuild.Fuzz.Tests;

/// <summary>Whole projects of texts that nobody would write.</summary>
[Trait("Category", "Fuzz")]
public sealed class GraphTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private static readonly string[] texts =
    [
        "", "a/{date}", "make", "day/{2001-01-01..2001-12-31}", "in/{n}", "10m", "3", "0", "-1", "gpu:1;ram:2", "A=1;B=2", "python3 x.py", "'", "rebuild", "warn", "local",
        "true", "Europe/Berlin", "region", "{region:enum(us|eu)}", "1;75", "a/{n:int}", "a/{s}", "b/{n-1}", "../x", "/etc", "{today}", "day/{today-7d..today}", "ö", "\ud800",
    ];

    private static readonly string[] tokens = ["{", "}", "{n:int}", "{date}", ";", ":", "=", "/", "a", "make", "..", "|", "7", "ms", "d", "'", "enum(", ")"];

    [Fact]
    public void A_project_compiles_or_is_told_what_is_wrong_in_coded_lines() => new Fuzz(output).Run(4_000, Document, document =>
    {
        var compilation = GraphCompiler.Compile(document);
        foreach (var diagnostic in compilation.Diagnostics)
        {
            Assert.StartsWith("DBLD", diagnostic.Code, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', diagnostic.Text);
        }

        Assert.True(compilation.Graph is not null || compilation.Diagnostics.Any(diagnostic => diagnostic.Severity == Severity.Error));
    }, document => document.ToString());

    /// <summary>A good project to which a few items were added whose every text may be any.</summary>
    private static GraphDocument Document(Random random)
    {
        var document = random.Next(4) == 0 ? new GraphDocument() : Projects.Document();
        for (int i = random.Next(1, 8); i > 0; i--)
        {
            switch (random.Next(6))
            {
                case 0:
                    document.Jobs.Add(Filled(random, new JobDefinition { Label = "make" + i, Command = "make" }));
                    break;
                case 1 or 2:
                    document.Partitions.Add(Filled(random, new PartitionDefinition { Pattern = $"p{i}/{{date}}", Job = "make" }));
                    break;
                case 3:
                    document.Sources.Add(Filled(random, new SourceDefinition { Pattern = $"s{i}/{{n:int}}", Path = "x/{n}" }));
                    break;
                case 4:
                    document.Wants.Add(Filled(random, new WantDefinition { Partitions = "day/2001-01-01" }));
                    break;
                default:
                    document.Pools.Add(Filled(random, new PoolDefinition { Name = "gpu" + i, Slots = "1" }));
                    break;
            }
        }

        return document;
    }

    private static T Filled<T>(Random random, T item)
        where T : IMessage<T>
    {
        foreach (var field in item.Descriptor.Fields.InFieldNumberOrder())
        {
            if (field.FieldType == FieldType.String && random.Next(4) == 0)
            {
                string text = Mutate.Text(random, texts, tokens);
                if (field.IsRepeated)
                {
                    ((Google.Protobuf.Collections.RepeatedField<string>)field.Accessor.GetValue(item)).Add(text);
                }
                else
                {
                    field.Accessor.SetValue(item, text);
                }
            }
        }

        return item;
    }
}

namespace DataBuild.Jobs;

/// <summary>Runs a handler for a ref and makes an outcome of however it ended. Every ref of a run gets exactly one.</summary>
internal sealed class PartitionTurn(JobMessages messages, Func<TextWriter> error)
{
    /// <summary>Nothing that a handler throws gets past this: the other refs are to have their turn.</summary>
    public async Task HandleAsync(PartitionIO io, Func<PartitionKey, PartitionIO, Task> handler)
    {
        if (io.Outcome is not null)
        {
            return;
        }

        try
        {
            await handler(io.Key, io).ConfigureAwait(false);
            Settle(io);
        }
        catch (Exception exception)
        {
            Settle(io, exception);
        }
    }

    /// <summary>The handler returned.</summary>
    public void Settle(PartitionIO io)
    {
        if (io.Outcome is not null)
        {
            return;
        }

        if (io.Missing.Count > 0)
        {
            Miss(io, io.Missing);
        }
        else if (!Path.Exists(io.OutputPath))
        {
            Fail(io, $"the job wrote nothing to '{io.OutputPath}'; write to the path that Output() returns", null);
        }
        else
        {
            End(io, PartitionOutcome.Done, () => messages.PartitionDone(io.Key.Ref, io.Metadata));
        }
    }

    /// <summary>The handler threw.</summary>
    public void Settle(PartitionIO io, Exception exception)
    {
        if (io.Outcome is not null)
        {
            return;
        }

        switch (exception)
        {
            case PartitionFailedException failed:
                Fail(io, failed.Message, failed.Retryable);
                break;
            case RetryLaterException later:
                End(io, PartitionOutcome.RetryLater, () => messages.RetryAfter(io.Key.Ref, later.Delay.TotalSeconds, later.Message));
                break;
            // What follows from a miss that the handler went on after is no failure of its own.
            case var _ when io.Missing.Count > 0:
                Miss(io, io.Missing);
                break;
            // A batch that asks for inputs on behalf of one of its refs and lets the miss pass made none of the others either.
            case MissingInputsException missing:
                Miss(io, missing.Refs);
                break;
            default:
                error().WriteLine($"{io.Key.Ref}: {exception}");
                Fail(io, $"{exception.GetType().Name}: {exception.Message}", null);
                break;
        }
    }

    private void Miss(PartitionIO io, IReadOnlyList<string> missing) =>
        End(io, PartitionOutcome.Missed, () => messages.MissingDeps(io.Key.Ref, missing));

    private void Fail(PartitionIO io, string reason, bool? retryable) =>
        End(io, PartitionOutcome.Failed, () => messages.PartitionFailed(io.Key.Ref, reason, retryable));

    // Said before anything else is done: an outcome that was not written down would be taken for a crash.
    private void End(PartitionIO io, PartitionOutcome outcome, Action say)
    {
        if (io.Reads.Count > 0)
        {
            messages.ReadDeps(io.Key.Ref, io.Reads);
        }

        if (io.Files.Count > 0)
        {
            messages.ReadFiles(io.Key.Ref, io.Files);
        }

        say();
        io.Outcome = outcome;
        if (outcome != PartitionOutcome.Done)
        {
            RemoveOutput(io.OutputPath);
        }
    }

    private static void RemoveOutput(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
        else if (File.Exists(path))
        {
            File.Delete(path);
        }
    }
}

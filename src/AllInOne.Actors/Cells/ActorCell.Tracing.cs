using System.Diagnostics;

namespace AllInOne.Actors;

/// <summary>Tells those who watch this actor what it handles. Costs nothing while nobody does.</summary>
internal sealed partial class ActorCell
{
    /// <summary>Any thread. Answers the message in hand, if there is one.</summary>
    public TracedEnvelope? AddTrace(MessageTrace trace)
    {
        var parts = Parts;
        lock (parts)
        {
            parts.Traces = [.. parts.Traces ?? [], trace];
        }

        if (IsTerminated)
        {
            trace.Complete();
        }

        if (Running is not { } worker || _envelope is not { } envelope)
        {
            return null;
        }

        var took = InHandFor(worker);
        return MessageTrace.Describe(envelope, "inHand", _system.TimeProvider.GetUtcNow() - took, took, MailboxLength, null, 0);
    }

    /// <summary>Any thread.</summary>
    public void RemoveTrace(MessageTrace trace)
    {
        if (_parts is { } parts)
        {
            lock (parts)
            {
                var left = parts.Traces?.Where(other => other != trace).ToArray();
                parts.Traces = left is { Length: > 0 } ? left : null;
            }
        }
    }

    private static void BeginTracing(CellParts parts)
    {
        parts.TracedSince = Stopwatch.GetTimestamp();
        parts.WasUnhandled = false;
    }

    /// <summary>The message in hand has ended: well, or with an exception.</summary>
    private void EndTracing(CellParts parts, Exception? error)
    {
        if (_envelope is { } envelope && parts.Traces is { } traces)
        {
            var took = Stopwatch.GetElapsedTime(parts.TracedSince);
            var outcome = error is not null ? "failed" : parts.WasUnhandled ? "unhandled" : "handled";
            // A message's text is the application's code.
            Worker.Current!.Enter();
            foreach (var trace in traces)
            {
                trace.Tell(envelope, outcome, _system.TimeProvider.GetUtcNow() - took, took, MailboxLength, error);
            }

            Worker.Current!.Leave();
        }

        parts.TracedSince = 0;
    }
}

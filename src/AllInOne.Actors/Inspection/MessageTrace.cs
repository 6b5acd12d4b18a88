using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace AllInOne.Actors;

/// <summary>
/// One look over the shoulder of one actor. The actor's own thread writes, at most as many as a slow reader leaves room for; what
/// does not fit is counted and left out.
/// </summary>
internal sealed class MessageTrace(int every)
{
    private const int Room = 1024;
    private const int TextLength = 200;

    private readonly Channel<TracedEnvelope> _told = Channel.CreateBounded<TracedEnvelope>(Room);
    private long _seen;
    private long _skipped;

    /// <summary>By the actor.</summary>
    public void Tell(Envelope envelope, string outcome, DateTimeOffset time, TimeSpan took, int mailbox, Exception? error)
    {
        var isDue = _seen++ % every == 0 || error is not null;
        if (isDue && _told.Writer.TryWrite(Describe(envelope, outcome, time, took, mailbox, error, _skipped)))
        {
            _skipped = 0;
        }
        else
        {
            _skipped++;
        }
    }

    /// <summary>The actor has stopped.</summary>
    public void Complete() => _told.Writer.TryComplete();

    public static async IAsyncEnumerable<TracedEnvelope> FollowAsync(
        ActorCell cell, int every, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var trace = new MessageTrace(every);
        var inHand = cell.AddTrace(trace);
        try
        {
            if (inHand is not null)
            {
                yield return inHand;
            }

            await foreach (var told in trace._told.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                yield return told;
            }
        }
        finally
        {
            cell.RemoveTrace(trace);
        }
    }

    public static TracedEnvelope Describe(
        Envelope envelope, string outcome, DateTimeOffset time, TimeSpan took, int mailbox, Exception? error, long skipped) =>
        new(time, envelope.Message.GetType(), TextOf(envelope.Message), envelope.Sender, outcome, took, mailbox, error, skipped);

    private static string? TextOf(object message)
    {
        try
        {
            var text = message.ToString();
            return text?.Length > TextLength ? text[..TextLength] + "…" : text;
        }
#pragma warning disable CA1031 // Code of the application that is asked only because somebody looks: it must not fail the actor.
        catch
#pragma warning restore CA1031
        {
            return null;
        }
    }
}

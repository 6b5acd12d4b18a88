using Akka.Actor;

namespace AllInOne.Core.Storage;

/// <summary>
/// The receipt of a write: the actor that gets an answer after the commit, and the number by which this actor knows the write. It travels with the
/// write. The <c>default</c> receipt means that no actor waits for an answer.
/// </summary>
public readonly record struct Receipt(IActorRef? To, long Tag)
{
    /// <summary>Notifies the actor that this operation was refused.</summary>
    public void Fail(string reason) => To?.Tell(new ReceiptFailed(Tag, reason));
}

/// <summary>Sent to <see cref="Receipt.To"/> once per batch: the writes with these tags are committed. The tags are in queue order.</summary>
public sealed record Committed(IReadOnlyList<long> Tags);

/// <summary>Sent to <see cref="Receipt.To"/>: this write was refused and is not stored. The rest of its batch is not affected.</summary>
public sealed record ReceiptFailed(long Tag, string Reason);

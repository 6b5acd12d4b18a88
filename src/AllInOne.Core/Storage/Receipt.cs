using Akka.Actor;

namespace AllInOne.Core.Storage;

/// <summary>
/// Who wants to know when a write is committed, and by which number it knows the write. It travels with the write;
/// the <c>default</c> receipt means that no answer is wanted.
/// </summary>
public readonly record struct Receipt(IActorRef? To, long Tag)
{
    /// <summary>Tells the owner that this one operation was refused.</summary>
    public void Fail(string reason) => To?.Tell(new ReceiptFailed(Tag, reason));
}

/// <summary>Told to <see cref="Receipt.To"/> once per batch: the writes behind these tags are committed. Tags are in queue order.</summary>
public sealed record Committed(IReadOnlyList<long> Tags);

/// <summary>Told to <see cref="Receipt.To"/>: that one write was refused and is not stored; the rest of its batch stands.</summary>
public sealed record ReceiptFailed(long Tag, string Reason);

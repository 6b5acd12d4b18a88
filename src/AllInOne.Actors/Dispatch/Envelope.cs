namespace AllInOne.Actors;

/// <summary>A message and who sent it; also the link of the mailbox's list.</summary>
public sealed class Envelope
{
    internal Envelope(object message, IActorRef? sender)
    {
        Message = message;
        Sender = sender;
    }

    public object Message { get; }

    /// <summary>Null when nobody signed it.</summary>
    public IActorRef? Sender { get; }

    /// <summary>The neighbour in the inbox (the one pushed before) or in the pending list (the one that follows).</summary>
    internal Envelope? Next { get; set; }

    /// <summary>How many the inbox held when this was pushed, itself included.</summary>
    internal int Depth { get; set; }
}

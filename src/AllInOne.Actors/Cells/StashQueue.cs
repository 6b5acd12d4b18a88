namespace AllInOne.Actors;

/// <summary>Puts messages aside for later.</summary>
public interface IStash
{
    /// <summary>Puts the message in hand aside.</summary>
    /// <exception cref="IllegalActorStateException">It is aside already.</exception>
    void Stash();

    /// <summary>Brings the oldest one back, before all that waits.</summary>
    void Unstash();

    /// <summary>Brings all back in their order, before all that waits.</summary>
    void UnstashAll();

    /// <summary>Takes them all out without handling them.</summary>
    IEnumerable<Envelope> ClearStash();
}

/// <summary>An actor with a stash. A restart brings what is stashed back into the mailbox.</summary>
public interface IWithStash
{
    /// <summary>Set by the runtime after the constructor has run; not to be assigned.</summary>
    IStash Stash { get; set; }
}

/// <summary>An actor whose stash takes any number of messages.</summary>
public interface IWithUnboundedStash : IWithStash;

internal sealed class StashQueue(ActorCell cell) : IStash
{
    private readonly Queue<Envelope> _envelopes = new();
    private Envelope? _last;

    void IStash.Stash()
    {
        Worker.ThrowIfLost();
        var envelope = cell.InHand ?? throw new IllegalActorStateException("There is no message in hand to stash.");
        if (ReferenceEquals(envelope, _last))
        {
            throw new IllegalActorStateException($"The message {envelope.Message} is stashed already.");
        }

        _last = envelope;
        _envelopes.Enqueue(new Envelope(envelope.Message, envelope.Sender));
    }

    public void Unstash()
    {
        if (_envelopes.TryDequeue(out var envelope))
        {
            cell.PutBack([envelope]);
        }
    }

    public void UnstashAll() => cell.PutBack([.. ClearStash()]);

    public IEnumerable<Envelope> ClearStash()
    {
        var all = _envelopes.ToArray();
        _envelopes.Clear();
        return all;
    }
}

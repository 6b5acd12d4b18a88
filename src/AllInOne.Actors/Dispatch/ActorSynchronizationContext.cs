namespace AllInOne.Actors;

/// <summary>Brings the code after an <c>await</c> in a handler back into its actor, as a system message.</summary>
internal sealed class ActorSynchronizationContext(ActorCell cell) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state)
    {
        var message = new ContinueMessage(this, d, state);
        if (!cell.TrySendSystemMessage(message))
        {
            message.RunOutside();
        }
    }

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("An actor cannot be entered synchronously.");

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Publishes what code of a handler threw whose actor is gone.</summary>
    public void Report(Exception exception) => cell.PublishError(exception);
}

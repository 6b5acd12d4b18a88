namespace AllInOne.Actors.Tests;

/// <summary>An actor whose end can be waited for without another one.</summary>
internal sealed class SignalsItsEnd(TaskCompletionSource ended) : UntypedActor
{
    protected override void OnReceive(object message) => Unhandled(message);

    protected override void PostStop() => ended.SetResult();
}

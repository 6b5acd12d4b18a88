namespace AllInOne.Actors.Tests.Mailbox;

public sealed class StoppingTokenTests
{
    private readonly QueueDetails _details = new();

    [Fact]
    public async Task A_restart_cancels_the_token_of_the_old_instance()
    {
        var token = _details.StoppingToken();
        _details.BeginRestart();

        await Until.TrueAsync(() => token.IsCancellationRequested);
    }

    [Fact]
    public async Task A_late_sender_of_a_restart_does_not_cancel_the_token_of_the_new_instance()
    {
        var incarnation = _details.Incarnation;
        var old = _details.StoppingToken();
        _details.BeginRestart();
        _details.EndRestart();
        var token = _details.StoppingToken();
        _details.CancelStoppingToken(incarnation);

        await Until.TrueAsync(() => old.IsCancellationRequested);
        Assert.False(token.IsCancellationRequested);
        _details.CancelStoppingToken(_details.Incarnation);
        await Until.TrueAsync(() => token.IsCancellationRequested);
    }
}

using AllInOne.Core.Requests;
using AllInOne.Core.Values;

namespace AllInOne.Core.Tests.Requests;

public class CalculationsTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(12, 78)]
    [InlineData(14, 105)]
    [InlineData(1_000_000, 500_000_500_000)]
    public async Task A_caller_gets_its_sum(long n, long sum)
    {
        await using var requests = await RequestsAtWork.StartAsync();
        Assert.Equal(new CalculationOutcome.Done(sum), await requests.Ask(n));
        await Until.TrueAsync(() => requests.Runtime.Find("/user/requests")!.Children == 0);
    }

    [Fact]
    public async Task A_crash_affects_only_its_caller_and_its_actor_can_be_inspected()
    {
        await using var requests = await RequestsAtWork.StartAsync();
        var outcomes = await Task.WhenAll(Enumerable.Range(1, 20).Select(n => requests.Ask(n)));
        var crashed = Assert.IsType<CalculationOutcome.Crashed>(Assert.Single(outcomes, outcome => outcome is not CalculationOutcome.Done));
        await Until.TrueAsync(() => requests.Runtime.Find("/user/requests")!.Children == 1);

        // The caller gets its answer before the restart.
        await Until.TrueAsync(() => requests.Runtime.Find(crashed.Path)!.Restarts == 1);
        var actor = requests.Runtime.Find(crashed.Path)!;
        Assert.Equal(("InvalidOperationException", "Sum"), (actor.LastFailure!.Type, actor.LastFailure.Message));
        Assert.Equal(0, requests.Calculations.Running);
    }

    [Fact]
    public async Task Only_the_last_crashed_actors_are_kept()
    {
        await using var requests = await RequestsAtWork.StartAsync();
        var last = "";
        for (var i = 0; i < 50; i++)
        {
            last = Assert.IsType<CalculationOutcome.Crashed>(await requests.Ask(13)).Path;
        }

        await Until.TrueAsync(() => requests.Runtime.Find("/user/requests")!.Children == 20);
        Assert.NotNull(requests.Runtime.Find(last));
        Assert.Equal(0, requests.Runtime.Find("/user/requests")!.Restarts);
    }

    [Fact]
    public async Task An_endless_calculation_delays_no_other_caller_and_continues_when_its_caller_gives_up()
    {
        await using var requests = await RequestsAtWork.StartAsync(new RequestsOptions { Timeout = TimeSpan.FromMilliseconds(50) });
        Assert.IsType<CalculationOutcome.TimedOut>(await requests.Ask(-1));
        await requests.Busy(1);
        Assert.Equal(1, requests.Calculations.Running);
        requests.LetGo();
        await Until.TrueAsync(() => requests.Calculations.Running == 0);
    }

    [Fact]
    public async Task A_calculation_continues_when_its_caller_disconnects()
    {
        await using var requests = await RequestsAtWork.StartAsync();
        using var leave = new CancellationTokenSource();
        var asked = requests.Calculations.SumAsync(-1, leave.Token);
        await requests.Busy(1);
        Assert.Equal(new CalculationOutcome.Done(55), await requests.Ask(10));
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await requests.Busy(1);
    }

    [Fact]
    public async Task No_more_calculations_run_at_a_time_than_allowed()
    {
        await using var requests = await RequestsAtWork.StartAsync(new RequestsOptions { MaxConcurrent = 2 });
        var endless = new[] { requests.Ask(-1), requests.Ask(-2) };
        Assert.Equal(new CalculationOutcome.Refused(2), await requests.Ask(1));
        requests.LetGo();
        await Task.WhenAll(endless);
        Assert.Equal(new CalculationOutcome.Done(1), await requests.Ask(1));
    }

    [Fact]
    public async Task Calculations_one_after_another_never_meet_the_limit()
    {
        await using var requests = await RequestsAtWork.StartAsync(new RequestsOptions { MaxConcurrent = 1 });
        for (var n = 1; n <= 300; n++)
        {
            Assert.IsNotType<CalculationOutcome.Refused>(await requests.Ask(n % 20));
        }
    }

    [Fact]
    public async Task A_stopped_calculation_answers_its_caller()
    {
        await using var requests = await RequestsAtWork.StartAsync();
        var asked = requests.Ask(-1);
        await requests.Busy(1);
        Assert.True(requests.Runtime.Stop(requests.Runtime.Children("/user/requests", null, 1)[0].Path));
        await StoppedOrLetGo(requests, asked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task All_waiting_callers_are_answered_when_requests_restart_or_stop(bool restart)
    {
        await using var requests = await RequestsAtWork.StartAsync();
        var asked = Enumerable.Range(1, 3).Select(n => requests.Ask(-n)).ToList();
        await requests.Busy(3);
        Assert.True(restart ? requests.Runtime.Restart("/user/requests") : requests.Runtime.Stop("/user/requests"));
        foreach (var each in asked)
        {
            await StoppedOrLetGo(requests, each);
        }

        if (!restart)
        {
            await Until.TrueAsync(() => requests.Runtime.Find("/user/requests") is null);
            await Assert.ThrowsAsync<UnavailableException>(() => requests.Ask(1));
            await requests.StartAgainAsync();
        }
        else
        {
            // The released calculations may all have ended before the restart begins.
            await Until.TrueAsync(() => requests.Runtime.Find("/user/requests")?.Restarts == 1);
        }

        await Until.TrueAsync(() => requests.Calculations.Running == 0);
        await Attached(requests);
        Assert.Equal(new CalculationOutcome.Done(1), await requests.Ask(1));
    }

    /// <summary>Releases the calculation and waits for its outcome: stopped if the runtime has abandoned it, otherwise done.</summary>
    private static async Task StoppedOrLetGo(RequestsAtWork requests, Task<CalculationOutcome> asked)
    {
        requests.LetGo();
        Assert.True(await asked is CalculationOutcome.Stopped or CalculationOutcome.Done);
    }

    private static Task Attached(RequestsAtWork requests) => Until.TrueAsync(async () =>
    {
        try
        {
            await requests.Ask(1);
            return true;
        }
        catch (UnavailableException)
        {
            return false;
        }
    });
}

using System.Diagnostics;
using Akka.Event;

namespace AllInOne.Actors.Tests.Workers;

/// <summary>A warning names the actor that uses the processor without a pause, after a second in the same message.</summary>
public sealed class RunawayWarningTests : RunawayTest
{
    private static readonly TimeSpan WarnAfter = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_runaway_is_reported_once_and_a_message_that_is_only_long_is_not()
    {
        var warnings = Listen<Warning>();
        var (isOver, start) = (false, Stopwatch.GetTimestamp());
        var busy = StartPuppet(name: "long");
        await HoldUpAsync(busy, () =>
        {
            while (!Volatile.Read(ref isOver))
            {
            }
        });
        await HeldUpAsync(busy, held => held.State == "demoted");
        Volatile.Write(ref isOver, true);
        await SettledAsync(busy);
        var wasShort = Stopwatch.GetElapsedTime(start) < WarnAfter;

        await HoldUpAsync(StartPuppet(name: "runaway"), Spin);

        // On a busy machine the first message may have taken a second too.
        var warning = wasShort
            ? await warnings.ExpectMsgAsync<Warning>(Patience)
            : await warnings.FishForMessageAsync<Warning>(one => one.LogSource == "/user/runaway");
        Assert.StartsWith("/user/runaway uses the processor without a pause", warning.Message.ToString());
        await warnings.ExpectNoMsgAsync(Silence);
    }
}

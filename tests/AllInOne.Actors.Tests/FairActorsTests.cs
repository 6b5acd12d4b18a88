using Akka.Configuration;

namespace AllInOne.Actors.Tests;

public sealed class FairActorsTests
{
    [Theory]
    [InlineData("workers", "-1", "0 to 1024")]
    [InlineData("workers", "1025", "0 to 1024")]
    [InlineData("max-threads", "2", "more than the 2 workers")]
    [InlineData("spare-threads", "0", "at least 1")]
    [InlineData("look-interval", "0ms", "at least 1 ms")]
    [InlineData("demote-after", "1ms", "at least look-interval")]
    [InlineData("abandon-after", "1ms", "at least look-interval")]
    public void A_value_out_of_its_range_is_refused_with_key_and_range(string key, string value, string range)
    {
        var failure = Assert.ThrowsAny<Exception>(() => TestSystem.Create("bad", $"fair-scheduler {{ workers = 2, {key} = {value} }}"));

        var refusal = Assert.IsType<ConfigurationException>(failure.GetBaseException());
        Assert.StartsWith($"fair-scheduler.{key} is ", refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith($"it takes {range}", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("workers", "many")]
    [InlineData("demote-after", "soon")]
    [InlineData("accounting", "perhaps")]
    public void A_value_of_another_kind_is_refused(string key, string value) =>
        Assert.ThrowsAny<Exception>(() => TestSystem.Create("bad", $"fair-scheduler {{ {key} = {value} }}"));

    [Fact]
    public async Task An_application_s_own_settings_go_before_the_defaults()
    {
        var system = TestSystem.Create("own", "fair-scheduler { workers = 3, max-threads = 20 }");

        var scheduler = system.InspectScheduler();
        Assert.Equal((3, 20), (scheduler.Workers, scheduler.MaxThreads));
        await system.Terminate();
    }

    [Fact]
    public async Task A_system_without_the_settings_cannot_be_inspected_and_says_so()
    {
        var system = ActorSystem.Create("plain", "akka { stdout-loglevel = OFF, loggers = [] }");

        var failure = Assert.Throws<InvalidOperationException>(() => system.InspectScheduler());
        Assert.Contains("plain", failure.Message, StringComparison.Ordinal);
        await system.Terminate();
    }

    [Fact]
    public async Task Two_systems_have_threads_of_their_own()
    {
        var (one, two) = (TestSystem.Create("one", "fair-scheduler.workers = 1"), TestSystem.Create("two", "fair-scheduler.workers = 2"));
        Assert.Equal((1, 2), (one.InspectScheduler().Workers, two.InspectScheduler().Workers));

        await one.Terminate();
        await two.WhenStoppedAsync(two.ActorOf(Props.Create(() => new Brief())));
        await two.Terminate();
    }

    private sealed class Brief : UntypedActor
    {
        public Brief() => Context.Stop(Self);

        protected override void OnReceive(object message) => Unhandled(message);
    }
}

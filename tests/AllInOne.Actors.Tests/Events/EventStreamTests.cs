namespace AllInOne.Actors.Tests.Events;

public sealed class EventStreamTests : ActorTest
{
    private interface IMarked;

    private record Base;

    private sealed record Derived : Base, IMarked;

    [Fact]
    public async Task A_subscriber_to_a_class_gets_what_derives_from_it()
    {
        System.EventStream.Subscribe(Probe.Ref, typeof(Base));
        System.EventStream.Publish(new Derived());
        System.EventStream.Publish(new Base());
        System.EventStream.Publish("not that");

        await ExpectAsync(new Derived(), new Base());
        await Probe.ExpectNoMsgAsync();
    }

    [Fact]
    public async Task A_subscriber_to_an_interface_gets_what_implements_it()
    {
        System.EventStream.Subscribe(Probe.Ref, typeof(IMarked));
        System.EventStream.Publish(new Base());
        System.EventStream.Publish(new Derived());

        await ExpectAsync(new Derived());
    }

    [Fact]
    public async Task Two_subscriptions_that_both_fit_tell_once()
    {
        System.EventStream.Subscribe(Probe.Ref, typeof(Base));
        System.EventStream.Subscribe(Probe.Ref, typeof(Derived));
        System.EventStream.Publish(new Derived());

        await ExpectAsync(new Derived());
        await Probe.ExpectNoMsgAsync();
    }

    [Fact]
    public async Task Who_has_unsubscribed_gets_nothing_more()
    {
        var other = TestProbe.Create(System);
        System.EventStream.Subscribe(Probe.Ref, typeof(Base));
        System.EventStream.Subscribe(other.Ref, typeof(Base));
        System.EventStream.Unsubscribe(Probe.Ref, typeof(Base));
        System.EventStream.Publish(new Base());

        await other.ExpectMsgAsync(new Base());
        await Probe.ExpectNoMsgAsync();
    }

    [Fact]
    public async Task All_subscriptions_can_be_ended_at_once()
    {
        System.EventStream.Subscribe(Probe.Ref, typeof(Base));
        System.EventStream.Subscribe(Probe.Ref, typeof(string));

        Assert.True(System.EventStream.Unsubscribe(Probe.Ref));
        System.EventStream.Publish(new Base());
        System.EventStream.Publish("text");

        await Probe.ExpectNoMsgAsync();
        Assert.False(System.EventStream.Unsubscribe(Probe.Ref));
    }

    [Fact]
    public async Task Subscribing_twice_is_like_subscribing_once()
    {
        Assert.True(System.EventStream.Subscribe(Probe.Ref, typeof(Base)));
        Assert.False(System.EventStream.Subscribe(Probe.Ref, typeof(Base)));
        System.EventStream.Publish(new Base());

        await ExpectAsync(new Base());
        await Probe.ExpectNoMsgAsync();
    }

    [Fact]
    public async Task The_end_of_one_subscription_leaves_the_others()
    {
        System.EventStream.Subscribe(Probe.Ref, typeof(Base));
        System.EventStream.Subscribe(Probe.Ref, typeof(string));
        System.EventStream.Unsubscribe(Probe.Ref, typeof(Base));
        System.EventStream.Publish(new Base());
        System.EventStream.Publish("text");

        await ExpectAsync("text");
    }

    [Fact]
    public async Task A_subscriber_that_has_stopped_does_not_keep_others_from_theirs()
    {
        var subscriber = StartPuppet();
        System.EventStream.Subscribe(subscriber, typeof(Base));
        System.EventStream.Subscribe(Probe.Ref, typeof(Base));
        Assert.True(await subscriber.GracefulStop(Patience));
        System.EventStream.Publish(new Base());
        System.EventStream.Publish(new Base());

        await ExpectAsync(new Base(), new Base());
    }

    [Fact]
    public async Task The_order_of_publication_is_kept()
    {
        System.EventStream.Subscribe(Probe.Ref, typeof(object[]));
        for (var i = 0; i < 1_000; i++)
        {
            System.EventStream.Publish(new object[] { i });
        }

        for (var i = 0; i < 1_000; i++)
        {
            Assert.Equal(i, (await Probe.ExpectMsgAsync<object[]>())[0]);
        }
    }
}

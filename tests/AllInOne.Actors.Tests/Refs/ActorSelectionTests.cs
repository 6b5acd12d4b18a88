using Akka.Event;

namespace AllInOne.Actors.Tests.Refs;

public sealed class ActorSelectionTests : ActorTest
{
    [Theory]
    [InlineData("/user/top/a")]
    [InlineData("akka://test/user/top/a")]
    [InlineData("user/top/a")]
    [InlineData("/user/top/a/")]
    public async Task An_absolute_path_names_one_actor(string path)
    {
        await StartFamilyAsync();
        System.ActorSelection(path).Tell("hello", ActorRefs.NoSender);

        await ExpectAsync("hello");
        Assert.Equal("a", Probe.LastSender!.Path.Name);
    }

    [Theory]
    [InlineData("/user/top/*", new[] { "a", "ab", "b" })]
    [InlineData("/user/top/a*", new[] { "a", "ab" })]
    [InlineData("/user/top/?", new[] { "a", "b" })]
    [InlineData("/user/*/b", new[] { "b" })]
    [InlineData("/user/top/../top/b", new[] { "b" })]
    public async Task Wildcards_and_the_way_up_choose_among_actors(string path, string[] names)
    {
        await StartFamilyAsync();
        System.ActorSelection(path).Tell("hello", ActorRefs.NoSender);

        var answered = new List<string>();
        foreach (var _ in names)
        {
            await ExpectAsync("hello");
            answered.Add(Probe.LastSender!.Path.Name);
        }

        Assert.Equal(names, answered.Order());
        await Probe.ExpectNoMsgAsync();
    }

    [Theory]
    [InlineData("../b", "b")]
    [InlineData("below", "below")]
    [InlineData("../..", "top")]
    [InlineData("/user/top/b", "b")]
    [InlineData("b*", "below")]
    public async Task A_relative_path_begins_at_its_actor(string path, string name)
    {
        var (_, a) = await StartFamilyAsync();
        await StartChildAsync(a, "below");
        var start = path == "../.." ? await StartChildAsync(a, "under") : a;
        start.Tell(new Do(context => context.ActorSelection(path).Tell("hello", ActorRefs.NoSender)), ActorRefs.NoSender);

        await ExpectAsync("hello");
        Assert.Equal(name, Probe.LastSender!.Path.Name);
    }

    [Fact]
    public async Task A_selection_finds_who_is_there_when_it_is_told()
    {
        var letters = Listen<DeadLetter>();
        var selection = System.ActorSelection("/user/late");
        selection.Tell("nobody home", ActorRefs.NoSender);
        Assert.Equal("nobody home", (await letters.ExpectMsgAsync<DeadLetter>()).Message);

        StartPuppet(name: "late");
        selection.Tell("somebody home", ActorRefs.NoSender);

        await ExpectAsync("somebody home");
    }

    [Fact]
    public async Task ResolveOne_gives_the_reference()
    {
        var (_, a) = await StartFamilyAsync();

        Assert.Equal(a, await System.ActorSelection("/user/top/a").ResolveOne(Patience));
    }

    [Fact]
    public async Task ResolveOne_of_several_gives_one_of_them()
    {
        await StartFamilyAsync();

        var one = await System.ActorSelection("/user/top/*").ResolveOne(Patience);

        Assert.Equal("top", one.Path.Parent.Name);
    }

    [Fact]
    public async Task A_selection_keeps_the_order_of_what_it_is_told()
    {
        await StartFamilyAsync();
        var selection = System.ActorSelection("/user/top/a");
        for (var i = 0; i < 100; i++)
        {
            selection.Tell(i, ActorRefs.NoSender);
        }

        await ExpectAsync(Enumerable.Range(0, 100).Cast<object>().ToArray());
    }

    [Fact]
    public async Task ResolveOne_of_nobody_is_an_exception_of_its_own() =>
        await Assert.ThrowsAsync<ActorNotFoundException>(() => System.ActorSelection("/user/nobody").ResolveOne(Patience));

    [Fact]
    public async Task Identify_is_answered_by_any_actor_and_for_nobody()
    {
        var (top, _) = await StartFamilyAsync();
        System.ActorSelection("/user/top").Tell(new Identify(1), Probe.Ref);
        var found = await Probe.ExpectMsgAsync<ActorIdentity>();
        Assert.Equal((1, top), (found.MessageId, found.Subject));

        System.ActorSelection("/user/nobody").Tell(new Identify(2), Probe.Ref);
        var missing = await Probe.ExpectMsgAsync<ActorIdentity>();
        Assert.Equal((2, null), (missing.MessageId, missing.Subject));
    }

    [Fact]
    public async Task Identify_to_a_dead_reference_is_answered_with_nobody()
    {
        var actor = StartPuppet();
        Assert.True(await actor.GracefulStop(Patience));
        Probe.Send(actor, new Identify("dead"));

        Assert.Null((await Probe.ExpectMsgAsync<ActorIdentity>()).Subject);
    }

    [Fact]
    public async Task A_child_is_found_by_its_name_or_is_nobody()
    {
        var (top, a) = await StartFamilyAsync();
        var found = await top.Ask<IActorRef[]>(
            new Do(context => context.Sender.Tell(new[] { context.Child("a"), context.Child("nobody") }, context.Self)), Patience);

        Assert.Equal(a, found[0]);
        Assert.True(found[1].IsNobody());
    }

    private async Task<(IActorRef Top, IActorRef A)> StartFamilyAsync()
    {
        var top = StartPuppet(name: "top");
        var a = await StartChildAsync(top, "a");
        await StartChildAsync(top, "ab");
        await StartChildAsync(top, "b");
        return (top, a);
    }
}

using Akka.Routing;

namespace AllInOne.Actors.Tests.Abandoning;

/// <summary>The routees of a router may get stuck like any other actor: the other routees do the work.</summary>
public sealed class StuckRouteeTests : RunawayTest
{
    private const int Size = 3;

    [Fact]
    public async Task A_routee_that_is_stuck_and_stopped_leaves_its_router()
    {
        var (router, routees) = await StartAsync();
        await HoldUpAsync(routees[0], Spin);
        System.Stop(routees[0]);
        await System.WhenStoppedAsync(routees[0]);

        await Until.TrueAsync(async () => (await RouteesAsync(router)).Count == Size - 1);
        await AllAnsweredAsync(router);
    }

    [Fact]
    public async Task A_routee_that_is_stuck_and_restarted_stays_and_handles_its_queued_messages()
    {
        var (router, routees) = await StartAsync();
        await HoldUpAsync(routees[0], Spin);
        routees[0].Tell("queued", ActorRefs.NoSender);
        Restart(routees[0]);

        await ExpectAsync("queued");
        Assert.Equal(Size, (await RouteesAsync(router)).Count);
        await AllAnsweredAsync(router);
    }

    [Fact]
    public async Task A_router_stops_although_all_its_routees_are_stuck()
    {
        var (router, routees) = await StartAsync();
        foreach (var routee in routees)
        {
            await HoldUpAsync(routee, Block);
        }

        System.Stop(router);
        await System.WhenStoppedAsync(router);
    }

    private async Task<(IActorRef Router, List<IActorRef> Routees)> StartAsync()
    {
        var router = System.ActorOf(Puppet.Props(Probe.Ref, null).WithRouter(new RoundRobinPool(Size)));
        return (router, await RouteesAsync(router));
    }

    private static async Task<List<IActorRef>> RouteesAsync(IActorRef router) =>
        [.. (await router.Ask<Routees>(GetRoutees.Instance, Patience)).Members.Cast<ActorRefRoutee>().Select(routee => routee.Actor)];

    /// <summary>Sends two messages to each routee and waits for all answers.</summary>
    private async Task AllAnsweredAsync(IActorRef router)
    {
        for (var i = 0; i < 2 * Size; i++)
        {
            router.Tell(i, ActorRefs.NoSender);
            await ExpectAsync(i);
        }
    }
}

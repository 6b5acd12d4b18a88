namespace AllInOne.Actors.Tests.OnBundled;

/// <summary>
/// Nothing in the runtime follows a tree or a path by recursion: a stack overflow would end the process, as a long selection
/// does Akka.NET's.
/// </summary>
public sealed class WithoutEndTests : ActorTest
{
    private const int Levels = 200_000;
    private const int Long = 200_000;

    [Fact]
    public async Task A_tree_of_very_many_levels_has_paths_and_comes_down()
    {
        var top = System.ActorOf(Props.Create(() => new Digs(Probe.Ref, Levels)), "top");

        var deepest = await Probe.ExpectMsgAsync<IActorRef>(Patience * 4);

        Assert.Equal(Levels + 2, deepest.Path.Elements.Count);
        Assert.True(await top.GracefulStop(Patience * 4));
    }

    [Fact]
    public async Task A_selection_of_very_many_elements_arrives()
    {
        StartPuppet(name: "top");
        var path = "/user" + string.Concat(Enumerable.Repeat("/top/..", Long)) + "/top";

        System.ActorSelection(path).Tell("far", ActorRefs.NoSender);

        await ExpectAsync("far");
    }

    [Fact]
    public void A_path_of_very_many_elements_can_be_read_and_compared()
    {
        var path = StartPuppet(name: "top").Path;
        var (one, other) = (path, path);
        for (var i = 0; i < Long; i++)
        {
            (one, other) = (one / "down", other / "down");
        }

        Assert.Equal(Long + 2, one.Elements.Count);
        Assert.EndsWith("/top/down", one.ToString()[..^(5 * (Long - 1))], StringComparison.Ordinal);
        Assert.True(one.Equals(other));
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.Equal(0, one.CompareTo(other));
        Assert.False(one.Equals(other.Parent));
    }

    private sealed class Digs : UntypedActor
    {
        public Digs(IActorRef probe, int levels)
        {
            if (levels == 0)
            {
                probe.Tell(Self, Self);
            }
            else
            {
                Context.ActorOf(Recipe.Of(() => new Digs(probe, levels - 1)), "d");
            }
        }

        protected override void OnReceive(object message) => Unhandled(message);
    }
}

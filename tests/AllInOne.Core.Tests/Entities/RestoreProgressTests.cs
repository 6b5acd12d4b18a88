using AllInOne.Core.Entities;
using AllInOne.Core.Values;

namespace AllInOne.Core.Tests.Entities;

public class RestoreProgressTests
{
    private static readonly EntityId[] Ids = [EntityId.Parse("a.a"), EntityId.Parse("a.b"), EntityId.Parse("a.c")];

    [Fact]
    public void Progress_counts_entities_without_an_actor_and_entities_without_their_state()
    {
        var progress = new RestoreProgress(Ids);
        Assert.Equal((3, false), (progress.Left, progress.AllMade));
        progress.Advance(2, _ => true);
        progress.Done(Ids[0]);
        Assert.Equal((2, false), (progress.Left, progress.AllMade));
        progress.Advance(2, _ => true);
        Assert.Equal((2, true), (progress.Left, progress.AllMade));
        progress.Done(Ids[1]);
        progress.Done(Ids[2]);
        Assert.Equal(0, progress.Left);
    }

    [Fact]
    public void An_entity_that_exists_already_is_not_waited_for()
    {
        var progress = new RestoreProgress(Ids);
        progress.Advance(3, id => id != Ids[1]);
        Assert.Equal(2, progress.Left);
    }

    [Fact]
    public void Without_stored_entities_all_is_done_at_once()
    {
        var progress = new RestoreProgress([]);
        Assert.Equal((0, true), (progress.Left, progress.AllMade));
    }
}

using AllInOne.Core.State.Shards;

namespace AllInOne.Core.Tests.State.Shards;

public sealed class WaitListTests
{
    private readonly WaitList _waiting = new(limit: 3);
    private readonly ProbeCommand _first = new();
    private readonly ProbeCommand _second = new();

    [Fact]
    public void Commands_of_one_key_are_served_in_the_order_in_which_they_came()
    {
        _waiting.Add("k", _first);
        _waiting.Add("k", _second);
        _waiting.MarkReady("k");
        Assert.Equal(("k", _first), _waiting.TakeReady());
        Assert.Null(_waiting.TakeReady());
        Assert.True(_waiting.Remove("k", _first));
        _waiting.MarkReady("k");

        Assert.Equal(("k", _second), _waiting.TakeReady());
    }

    [Fact]
    public void A_key_that_no_command_waits_for_is_never_ready()
    {
        _waiting.MarkReady("k");
        _waiting.Add("other", _first);
        _waiting.MarkReady("k");

        Assert.Null(_waiting.TakeReady());
        Assert.Equal((true, false), (_waiting.Contains("other"), _waiting.Contains("k")));
    }

    [Fact]
    public void The_limit_counts_commands_of_all_keys()
    {
        Assert.True(_waiting.Add("a", _first));
        Assert.True(_waiting.Add("b", _second));
        Assert.True(_waiting.Add("b", new ProbeCommand()));
        Assert.False(_waiting.Add("c", new ProbeCommand()));
        _waiting.Remove("a", _first);

        Assert.Equal(2, _waiting.Count);
        Assert.True(_waiting.Add("c", new ProbeCommand()));
    }

    [Fact]
    public void A_command_is_removed_once()
    {
        _waiting.Add("k", _first);

        Assert.True(_waiting.Remove("k", _first));
        Assert.False(_waiting.Remove("k", _first));
        Assert.Equal((0, false), (_waiting.Count, _waiting.Contains("k")));
    }

    [Fact]
    public void After_a_failure_every_key_is_ready()
    {
        _waiting.Add("a", _first);
        _waiting.Add("b", _second);
        _waiting.MarkAllReady();

        Assert.Equal(["a", "b"], new[] { _waiting.TakeReady()!.Value.Key, _waiting.TakeReady()!.Value.Key }.Order());
    }

    [Fact]
    public void Refusing_all_leaves_no_command()
    {
        _waiting.Add("a", _first);
        _waiting.Add("b", _second);
        _waiting.RefuseAll("refused by a test");

        Assert.Equal(("refused by a test", "refused by a test", 0), (_first.Answer, _second.Answer, _waiting.Count));
    }
}

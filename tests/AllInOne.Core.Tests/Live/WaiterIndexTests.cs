using AllInOne.Core.Live;

namespace AllInOne.Core.Tests.Live;

public class WaiterIndexTests
{
    private readonly WaiterIndex _index = new();

    [Fact]
    public void An_event_takes_those_who_wait_for_its_topic_or_a_beginning_of_it()
    {
        var hall = Add("entities/light.hall");
        var lights = Add("entities/light.*");
        var all = Add();
        var jobs = Add("jobs/*", "system/x");
        Assert.Equal([hall, lights, all], Take("entities/light.hall").OrderBy(w => w.Since));
        Assert.Equal(1, _index.Count);
        Assert.Equal([jobs], Take("system/x"));
        Assert.Empty(Take("jobs/backup"));
    }

    [Fact]
    public void One_who_matches_by_several_patterns_is_taken_once()
    {
        var waiter = Add("entities/light.hall", "entities/*", "entities/light.*");
        Assert.Equal([waiter], Take("entities/light.hall"));
        Assert.Empty(Take("entities/light.attic"));
    }

    [Fact]
    public void One_who_went_away_is_not_taken()
    {
        var gone = Add("entities/*");
        var stays = Add("entities/*");
        Assert.True(_index.Remove(gone));
        Assert.False(_index.Remove(gone));
        Assert.Equal([stays], Take("entities/light.hall"));
        Assert.Equal(0, _index.Count);
    }

    [Fact]
    public void Agrees_with_the_filters_whatever_they_are()
    {
        var random = new Random(7);
        string[] patterns = ["a", "ab", "abc", "a*", "ab*", "abc*", "b*", "*", "c/d", "c/*"];
        string[] topics = ["a", "ab", "abc", "abcd", "b", "c/d", "c/e", "x"];
        for (var round = 0; round < 300; round++)
        {
            var index = new WaiterIndex();
            var waiters = Enumerable.Range(0, 6)
                .Select(i => new Waiter(i, LiveAtWork.Topics(random.GetItems(patterns, random.Next(1, 4)))))
                .ToList();
            waiters.ForEach(index.Add);
            index.Remove(waiters[0]);
            var topic = topics[random.Next(topics.Length)];
            var taken = new List<Waiter>();
            index.Take(topic, taken);
            Assert.Equal(waiters.Skip(1).Where(w => w.Topics.Matches(topic)), taken.OrderBy(w => w.Since));
            index.TakeAll(taken);
            Assert.Equal(5, taken.Count);
        }
    }

    private Waiter Add(params string[] patterns)
    {
        var waiter = new Waiter(_index.Count, LiveAtWork.Topics(patterns));
        _index.Add(waiter);
        return waiter;
    }

    private List<Waiter> Take(string topic)
    {
        var taken = new List<Waiter>();
        _index.Take(topic, taken);
        return taken;
    }
}

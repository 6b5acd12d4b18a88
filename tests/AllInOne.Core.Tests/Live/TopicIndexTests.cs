using AllInOne.Core.Events;
using AllInOne.Core.Live;

namespace AllInOne.Core.Tests.Live;

public class TopicIndexTests
{
    private readonly TopicIndex<Named> _index = new();

    [Fact]
    public void An_event_finds_the_listeners_of_its_topic_or_of_a_prefix_of_it()
    {
        var hall = Add("entities/light.hall");
        var lights = Add("entities/light.*");
        var all = Add();
        var jobs = Add("jobs/*", "system/x");
        Assert.Equal([hall, lights, all], Find("entities/light.hall"));
        Assert.Equal(4, _index.Count);
        Assert.Equal([all, jobs], Find("system/x"));
        Assert.Equal([all, jobs], Find("jobs/backup"));
    }

    [Fact]
    public void A_listener_that_is_added_twice_is_listed_once_and_is_gone_when_it_is_removed_once()
    {
        var listener = Add("entities/light.hall", "entities/*", "entities/light.*");
        _index.Add(listener, listener.Topics);
        Assert.Equal(1, _index.Count);
        Assert.True(_index.Remove(listener, listener.Topics));
        Assert.Equal(0, _index.Count);
        Assert.Empty(Find("entities/light.hall"));
        Assert.Empty(_index.All);
    }

    [Fact]
    public void A_removed_listener_is_not_found()
    {
        var gone = Add("entities/*");
        var stays = Add("entities/*");
        Assert.True(_index.Remove(gone, gone.Topics));
        Assert.False(_index.Remove(gone, gone.Topics));
        Assert.Equal([stays], Find("entities/light.hall"));
        Assert.Equal(1, _index.Count);
    }

    [Fact]
    public void The_index_agrees_with_the_filters()
    {
        var random = new Random(7);
        string[] patterns = ["a", "ab", "abc", "a*", "ab*", "abc*", "b*", "*", "c/d", "c/*"];
        string[] topics = ["a", "ab", "abc", "abcd", "b", "c/d", "c/e", "x"];
        for (var round = 0; round < 300; round++)
        {
            var index = new TopicIndex<Named>();
            var listeners = Enumerable.Range(0, 6)
                .Select(i => new Named(i, LiveAtWork.Topics(random.GetItems(patterns, random.Next(1, 4)))))
                .ToList();
            listeners.ForEach(listener => index.Add(listener, listener.Topics));
            index.Remove(listeners[0], listeners[0].Topics);
            var topic = topics[random.Next(topics.Length)];
            var found = new List<Named>();
            index.Find(topic, found);
            Assert.Equal(listeners.Skip(1).Where(w => w.Topics.Matches(topic)), found.Distinct().OrderBy(w => w.Number));
            Assert.Equal(listeners.Skip(1), index.All.Distinct().OrderBy(w => w.Number));
            Assert.Equal(5, index.Count);
        }
    }

    private Named Add(params string[] patterns)
    {
        var listener = new Named(_index.Count, LiveAtWork.Topics(patterns));
        _index.Add(listener, listener.Topics);
        return listener;
    }

    private IEnumerable<Named> Find(string topic)
    {
        var found = new List<Named>();
        _index.Find(topic, found);
        return found.Distinct().OrderBy(listener => listener.Number);
    }

    private sealed record Named(int Number, TopicFilter Topics);
}

using AllInOne.Core.Feeds.Connections;

namespace AllInOne.Core.Tests.Feeds.Connections;

public class AckWindowTests
{
    [Fact]
    public void An_event_counts_once_all_its_elements_and_all_before_are_answered()
    {
        var window = new AckWindow();
        Assert.Equal([0, 2, 3], [window.Begin(2), window.Begin(1), window.Begin(2)]);
        Assert.True(window.Complete(2));
        Assert.True(window.Complete(1));
        Assert.Equal((0, 5), (window.Acknowledged, window.Load));
        Assert.True(window.Complete(0));
        Assert.Equal((2, 2), (window.Acknowledged, window.Load));
        Assert.True(window.Complete(4));
        Assert.True(window.Complete(3));
        Assert.Equal((3, 0), (window.Acknowledged, window.Load));
    }

    [Fact]
    public void An_event_without_elements_counts_with_the_previous_events()
    {
        var window = new AckWindow();
        window.Begin(0);
        Assert.Equal(1, window.Acknowledged);
        window.Begin(1);
        window.Begin(0);
        window.Begin(0);
        Assert.Equal((1, 3), (window.Acknowledged, window.Load));
        window.Complete(0);
        Assert.Equal((4, 0), (window.Acknowledged, window.Load));
    }

    [Fact]
    public void An_answer_that_comes_twice_or_was_not_expected_changes_nothing()
    {
        var window = new AckWindow();
        window.Begin(2);
        Assert.True(window.Complete(1));
        Assert.False(window.Complete(1));
        Assert.False(window.Complete(2));
        Assert.False(window.Complete(-1));
        Assert.True(window.Complete(0));
        Assert.False(window.Complete(0));
        Assert.Equal(1, window.Acknowledged);
    }

    [Fact]
    public void Answers_in_any_order_count_as_in_a_plain_model()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var window = new AckWindow();
            var open = new List<long>();
            var ends = new List<long>();
            for (var step = 0; step < 400; step++)
            {
                if (random.Next(3) == 0)
                {
                    var elements = random.Next(20);
                    var first = window.Begin(elements);
                    open.AddRange(Enumerable.Range(0, elements).Select(i => first + i));
                    ends.Add(first + elements);
                }
                else if (open.Count > 0)
                {
                    var at = random.Next(open.Count);
                    Assert.True(window.Complete(open[at]));
                    open.RemoveAt(at);
                }

                var firstOpen = open.Count == 0 ? long.MaxValue : open.Min();
                Assert.Equal(ends.Count(end => end <= firstOpen), window.Acknowledged);
            }
        }
    }
}

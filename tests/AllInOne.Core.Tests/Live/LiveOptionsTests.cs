using AllInOne.Core.Entities;
using AllInOne.Core.Live;

namespace AllInOne.Core.Tests.Live;

public class LiveOptionsTests
{
    [Fact]
    public void Defaults_are_valid()
    {
        Assert.Empty(new LiveOptions().Validate());
        Assert.Empty(new EntitiesOptions().Validate());
    }

    [Fact]
    public void All_problems_are_told_at_once_by_their_keys()
    {
        var live = new LiveOptions { RingSize = 1, RingBytes = 1, MaxWaiters = 0, GatherTime = TimeSpan.FromSeconds(2), HistoryScan = 0 };
        Assert.Equal(
            ["Live:RingSize", "Live:RingBytes", "Live:MaxWaiters", "Live:GatherTime", "Live:HistoryScan"],
            live.Validate().Select(problem => problem.Split(' ')[0]));
        var clients = new LiveOptions
        {
            MaxConnections = 0, MaxBehind = 1, MaxSubscriptionsPerSocket = 0, MaxMessageBytes = 1,
            SlowWriteTimeout = TimeSpan.Zero, Heartbeat = TimeSpan.Zero, RetryTime = TimeSpan.FromHours(1),
        };
        Assert.Equal(
            ["Live:MaxConnections", "Live:MaxBehind", "Live:MaxSubscriptionsPerSocket", "Live:MaxMessageBytes",
                "Live:SlowWriteTimeout", "Live:Heartbeat", "Live:RetryTime"],
            clients.Validate().Select(problem => problem.Split(' ')[0]));
        var entities = new EntitiesOptions { MaxEntities = 0, MaxHeld = 0, CommandTimeout = TimeSpan.Zero };
        Assert.Equal(
            ["Entities:MaxEntities", "Entities:MaxHeld", "Entities:CommandTimeout"],
            entities.Validate().Select(problem => problem.Split(' ')[0]));
    }
}

using Akka.Event;

namespace AllInOne.Actors.Tests.Refs;

/// <summary>Paths that lead nowhere or are none.</summary>
public sealed class HostilePathTests : ActorTest
{
    [Theory]
    [InlineData("/user/nobody")]
    [InlineData("/user/top/nobody/below")]
    [InlineData("/nobody")]
    [InlineData("akka://other/user/top")]
    [InlineData("/user/top/a b")]
    [InlineData("/user/höhe")]
    [InlineData("/user/%00")]
    [InlineData("no path at all")]
    public async Task A_path_that_leads_to_nobody_makes_a_dead_letter(string path)
    {
        var letters = Listen<DeadLetter>();
        StartPuppet(name: "top");

        System.ActorSelection(path).Tell("lost", ActorRefs.NoSender);

        await letters.FishForMsgAsync<DeadLetter>(letter => letter.Message.Equals("lost"));
    }

    [Fact]
    public async Task A_pattern_that_fits_nobody_tells_nobody()
    {
        var top = StartPuppet(name: "top");
        System.ActorSelection("/user/top/*").Tell("lost", ActorRefs.NoSender);
        System.ActorSelection("/user/top/x?").Tell("lost", ActorRefs.NoSender);
        System.ActorSelection("/user/top").Tell("found", ActorRefs.NoSender);

        await ExpectAsync("found");
        Assert.Equal(top, Probe.LastSender);
    }
}

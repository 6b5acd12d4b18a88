namespace AllInOne.Actors.Tests.Inspection;

/// <summary>The inspection accepts any text as a path, and returns the actor or null.</summary>
public sealed class PathTests : ActorTest
{
    [Theory]
    [InlineData("/")]
    [InlineData("/user")]
    [InlineData("/system")]
    [InlineData("/user/top")]
    public void A_path_finds_its_actor(string path)
    {
        StartPuppet(name: "top");

        Assert.NotNull(System.Inspect(path));
        Assert.NotNull(System.Resolve(path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("//")]
    [InlineData("user/top")]
    [InlineData("/user//top")]
    [InlineData("/user/top/")]
    [InlineData("/user/top#1")]
    [InlineData("/nobody")]
    [InlineData("/user/nobody")]
    [InlineData("/user/top/nobody/below")]
    [InlineData("/user/top/..")]
    [InlineData("akka://other/user/top")]
    [InlineData("/user/höhe")]
    [InlineData("/user/\0")]
    [InlineData("/user/*")]
    [InlineData("no path at all")]
    public void A_path_without_an_actor_finds_nothing(string path)
    {
        StartPuppet(name: "top");

        Assert.Null(System.Inspect(path));
        Assert.Null(System.Resolve(path));
        Assert.Empty(System.InspectChildren(path, null, 10));
        Assert.Null(System.Trace(path, 1, CancellationToken.None));
    }

    [Fact]
    public async Task Children_come_by_name_page_by_page()
    {
        var parent = StartPuppet(name: "top");
        foreach (var name in (string[])["d", "b", "e", "a", "c"])
        {
            await StartChildAsync(parent, name);
        }

        Assert.Equal(["a", "b"], Names(System.InspectChildren("/user/top", null, 2)));
        Assert.Equal(["c", "d"], Names(System.InspectChildren("/user/top", "b", 2)));
        Assert.Equal(["e"], Names(System.InspectChildren("/user/top", "d", 2)));
        Assert.Equal(5, System.Inspect("/user/top")!.Children);
    }

    private static IEnumerable<string> Names(IReadOnlyList<ActorInfo> actors) => actors.Select(actor => actor.Path.Split('/')[^1]);
}

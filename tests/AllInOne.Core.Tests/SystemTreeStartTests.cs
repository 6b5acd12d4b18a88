using Akka.Actor;
using Microsoft.Extensions.Logging.Abstractions;

namespace AllInOne.Core.Tests;

public sealed class SystemTreeStartTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task A_tree_that_ends_before_its_start_is_complete_says_why()
    {
        var options = new SystemTreeOptions { Data = { Directory = _data.Path } };
        options.Supervision.MaxRestarts = 1;
        options.Feeds.Xml.Listen = "127.0.0.1:0";

        var start = SystemTree.StartAsync(options, _ => Props.Create<Failing>(), TimeProvider.System, NullLoggerFactory.Instance);

        var end = await Assert.ThrowsAsync<TreeTerminatedException>(() => start.WaitAsync(Until.Limit));
        Assert.StartsWith("the supervision tree has ended: /user/http failed more than 1 times", end.Message, StringComparison.Ordinal);
    }

    private sealed class Failing : UntypedActor
    {
        protected override void PreStart() => throw new InvalidOperationException("as the test asked");

        protected override void OnReceive(object message)
        {
        }
    }
}

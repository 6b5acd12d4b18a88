using AllInOne.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace AllInOne.Benchmarks.Harness.Processes;

/// <summary>The whole tree in this process, on a separate data directory, without a web host.</summary>
internal static class TreeUnderTest
{
    /// <param name="change">Sets further options.</param>
    public static Task<SystemTree> StartAsync(string data, Action<SystemTreeOptions>? change = null)
    {
        var options = new SystemTreeOptions { Data = { Directory = data } };
        change?.Invoke(options);
        options.Feeds.Xml.Listen = "127.0.0.1:0";
        return SystemTree.StartAsync(options, WithoutHttp, TimeProvider.System, NullLoggerFactory.Instance);
    }

    private static Props WithoutHttp(SystemTree tree)
    {
        tree.Readiness.Ready(SystemTree.HttpName);
        return Props.Create(() => new Silent());
    }

    private sealed class Silent : ReceiveActor;
}

using System.Runtime.InteropServices;
using AllInOne.Core;
using AllInOne.Core.Feeds;
using AllInOne.Core.Storage;
using AllInOne.Server.Configuration;
using AllInOne.Server.Logging;

namespace AllInOne.Server.Hosting;

/// <summary>The process of the server: its log, banner, signals and exit code.</summary>
internal static partial class ServerProcess
{
    /// <summary>Runs the server until a signal stops it or its tree ends; returns the exit code.</summary>
    public static async Task<int> RunAsync(ServerSettings settings, bool demo, Terminal terminal, CancellationToken cancellation)
    {
        var data = Path.GetFullPath(settings.Options.Data.Directory);
        using var loggers = new ServerLog(settings.Configuration, Path.Combine(data, "logs"), console: true, settings.Options.Node.NameInForce, settings.Memory.LogLines);
        var logger = loggers.CreateLogger(typeof(ServerProcess));
        RunningServer server;
        try
        {
            server = await RunningServer.StartAsync(settings, loggers, TimeProvider.System);
        }
        catch (DataDirectoryException e)
        {
            return await terminal.RefuseAsync([$"Data:Directory: {e.Message}"]);
        }
        catch (Exception e) when (e is StartFailedException or StorageException or FeedListenException)
        {
            return await terminal.RefuseAsync([e.Message]);
        }
        catch (TreeTerminatedException e)
        {
            return await EndAsync(e, logger, terminal);
        }

        using var trim = new MemoryTrim(settings.Options.Memory, TimeProvider.System);
        await using (server)
        {
            using var address = ServerAddress.Write(data, server.Urls);
            await GreetAsync(server, data, terminal.Output);
            using var home = demo ? DemoProcess.Start(server.Tree.Feeds.XmlEndPoint) : null;
            return await WaitAsync(server, logger, terminal, cancellation);
        }
    }

    private static async Task<int> WaitAsync(RunningServer server, ILogger logger, Terminal terminal, CancellationToken cancellation)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var cancelled = cancellation.Register(() => asked.TrySetResult());
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, BringUp);
        await Task.WhenAny(asked.Task, server.Tree.WhenTerminated);
        if (asked.Task.IsCompleted)
        {
            LogStopping(logger);
            return ExitCodes.Done;
        }

        return await EndAsync(new TreeTerminatedException(server.Tree.FatalFailure), logger, terminal);

        // The first signal stops the server in order. A second one ends the process at once, as by default.
        void OnSignal(PosixSignalContext signal) => signal.Cancel = asked.TrySetResult();

        // Starts the stopped parts again. Without this signal, a stopped web host could not be started, because no request reaches it.
        void BringUp(PosixSignalContext signal)
        {
            signal.Cancel = true;
            server.Tree.BringUp();
        }
    }

    // The logger of the actor system may be stuck with its actors, so this line has the whole reason.
    private static async Task<int> EndAsync(TreeTerminatedException end, ILogger logger, Terminal terminal)
    {
        LogTerminated(logger, end.InnerException, end.Message);
        await terminal.WarnAsync(end.Message);
        return ExitCodes.TreeTerminated;
    }

    private static async Task GreetAsync(RunningServer server, string data, TextWriter output)
    {
        await output.WriteLineAsync($"AllInOne {ServerVersion.Text}");
        foreach (var url in server.Urls)
        {
            await output.WriteLineAsync($"  Dashboard  {url}");
        }

        await output.WriteLineAsync($"  XML feed   {server.Tree.Feeds.XmlEndPoint}");
        await output.WriteLineAsync($"  Data       {data}");
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping")]
    private static partial void LogStopping(ILogger logger);

    [LoggerMessage(Level = LogLevel.Critical, Message = "{End}")]
    private static partial void LogTerminated(ILogger logger, Exception? reason, string end);
}

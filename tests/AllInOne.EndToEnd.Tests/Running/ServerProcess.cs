using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using AllInOne.TestKit;

namespace AllInOne.EndToEnd.Tests.Running;

/// <summary>
/// The built server in a separate process, on ports that the system selects: the executable of the environment variable
/// ALLINONE_SERVER (a published file or dll), otherwise the one built beside these tests. Its disposal kills it.
/// </summary>
public sealed partial class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = Until.Limit;

    private static readonly Dictionary<string, string> NoEnvironment = [];

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource<Uri> _dashboard = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<IPEndPoint> _feed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(Process process) => _process = process;

    /// <summary>The address of the dashboard and the API.</summary>
    public Uri Url => _dashboard.Task.Result;

    /// <summary>The address of the XML feed.</summary>
    public IPEndPoint Feed => _feed.Task.Result;

    /// <summary>The directory of the server's project.</summary>
    public static string SourceDirectory { get; } =
        Path.GetFullPath(Path.Combine(ProjectDirectory(AppContext.BaseDirectory), "../../src/AllInOne.Server"));

    public HttpClient Http { get; private set; } = null!;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>All its output, for the message of a failed test.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>Starts <c>serve</c> and waits until it is ready.</summary>
    /// <param name="data">The data directory.</param>
    /// <param name="url">The address to listen on; any free port when null.</param>
    /// <param name="feed">The address of the feed; any free port when null.</param>
    /// <param name="more">Further arguments.</param>
    public static Task<ServerProcess> StartAsync(string data, Uri? url = null, IPEndPoint? feed = null, params string[] more) => ServeAsync(
        [
            "serve", "--data", data, "--urls", url?.ToString().TrimEnd('/') ?? "http://127.0.0.1:0",
            $"--Feeds:Xml:Listen={feed?.ToString() ?? "127.0.0.1:0"}", .. more,
        ],
        NoEnvironment);

    /// <summary>Starts <c>serve</c> on any free ports, on a machine whose wall clock the test sets.</summary>
    public static Task<ServerProcess> StartAsync(string data, FakeWallClock clock) => ServeAsync(
        ["serve", "--data", data, "--urls", "http://127.0.0.1:0", "--Feeds:Xml:Listen=127.0.0.1:0"], clock.Environment);

    /// <summary>Starts <c>serve</c> on any free ports, with this many bytes for the garbage collector.</summary>
    public static Task<ServerProcess> StartSmallAsync(string data, long heapLimit) => ServeAsync(
        ["serve", "--data", data, "--urls", "http://127.0.0.1:0", "--Feeds:Xml:Listen=127.0.0.1:0"],
        new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = heapLimit.ToString("x", CultureInfo.InvariantCulture) });

    private static async Task<ServerProcess> ServeAsync(string[] arguments, IReadOnlyDictionary<string, string> environment)
    {
        var server = Launch(arguments, environment);
        try
        {
            await Task.WhenAll(server._dashboard.Task, server._feed.Task).WaitAsync(StartLimit);
        }
        catch (Exception failure)
        {
            await server.DisposeAsync();
            throw new InvalidOperationException($"The server did not start ({failure.Message}):\n{server.Output}", failure);
        }

        server.Http = new HttpClient { BaseAddress = server.Url };
        await server.ReadyAsync();
        return server;
    }

    /// <summary>Starts the executable with these arguments, and does not wait.</summary>
    public static ServerProcess Begin(params string[] arguments) => Launch(arguments, NoEnvironment);

    /// <summary>Returns the start of the executable with these arguments, with redirected input and output.</summary>
    public static ProcessStartInfo HowToStart(params string[] arguments)
    {
        var executable = Executable();
        string[] command = executable.EndsWith(".dll", StringComparison.Ordinal) ? ["dotnet", executable] : [executable];
        // If the tests run under nohup, SIGHUP would otherwise be ignored from the start.
        var start = new ProcessStartInfo("env", ["--default-signal=HUP", .. command, .. arguments]);
        start.RedirectStandardOutput = start.RedirectStandardError = start.RedirectStandardInput = true;
        return start;
    }

    /// <summary>Runs the executable to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        await using var server = Launch(arguments, NoEnvironment);
        await server._process.WaitForExitAsync().WaitAsync(StartLimit);
        return (server._process.ExitCode, server.Output);
    }

    /// <summary>Runs the executable to its end, with this maximum number of open files.</summary>
    public static async Task<(int ExitCode, string Output)> RunWithOpenFilesAsync(int limit, params string[] arguments)
    {
        var start = HowToStart();
        var command = new ProcessStartInfo("sh", ["-c", $"ulimit -n {limit}; exec \"$@\"", "sh", start.FileName, .. start.ArgumentList, .. arguments]);
        command.RedirectStandardOutput = command.RedirectStandardError = command.RedirectStandardInput = true;
        await using var server = Launch(command);
        await server._process.WaitForExitAsync().WaitAsync(StartLimit);
        return (server._process.ExitCode, server.Output);
    }

    /// <summary>Waits until every part is restored.</summary>
    public Task ReadyAsync() => Eventually.Async(
        async () =>
        {
            using var response = await Http.GetAsync(new Uri("/readyz", UriKind.Relative));
            return response.IsSuccessStatusCode;
        },
        () => $"the server is not ready:\n{Output}");

    /// <summary>Sends SIGKILL: no handler runs.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Sends SIGHUP.</summary>
    public void HangUp() => _ = Kill(_process.Id, 1);

    /// <summary>Sends SIGTERM; returns the exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        _ = Kill(_process.Id, 15);
        return await ExitAsync();
    }

    /// <summary>Waits until it exits by itself; returns the exit code.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(StartLimit);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        Http?.Dispose();
        _process.Dispose();
    }

    private static ServerProcess Launch(string[] arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = HowToStart(arguments);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Launch(start);
    }

    private static ServerProcess Launch(ProcessStartInfo start)
    {
        var process = new Process { StartInfo = start };
        var server = new ServerProcess(process);
        process.OutputDataReceived += (_, line) => server.Read(line.Data);
        process.ErrorDataReceived += (_, line) => server.Read(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return server;
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            // The output has ended, so no address comes any more.
            _dashboard.TrySetException(new EndOfStreamException("the process ended"));
            _feed.TrySetException(new EndOfStreamException("the process ended"));
            return;
        }

        _output.Enqueue(line);
        if (DashboardLine().Match(line) is { Success: true } dashboard)
        {
            _dashboard.TrySetResult(new Uri(dashboard.Groups[1].Value));
        }
        else if (FeedLine().Match(line) is { Success: true } feed)
        {
            _feed.TrySetResult(IPEndPoint.Parse(feed.Groups[1].Value));
        }
    }

    private static string Executable()
    {
        if (Environment.GetEnvironmentVariable("ALLINONE_SERVER") is { Length: > 0 } given)
        {
            return Path.GetFullPath(given);
        }

        // …/tests/AllInOne.EndToEnd.Tests/bin/Debug/net10.0/ corresponds to the same folder below src/AllInOne.Server/.
        var own = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        var output = Path.GetRelativePath(ProjectDirectory(own), own);
        return Path.Combine(SourceDirectory, output, "AllInOne.Server.dll");
    }

    private static string ProjectDirectory(string directory) =>
        Directory.EnumerateFiles(directory, "*.csproj").Any() ? directory : ProjectDirectory(Path.GetDirectoryName(directory)!);

    [LibraryImport("libc", EntryPoint = "kill")]
    internal static partial int Kill(int process, int signal);

    [GeneratedRegex(@"Dashboard\s+(http\S+)")]
    private static partial Regex DashboardLine();

    [GeneratedRegex(@"XML feed\s+(\S+:\d+)")]
    private static partial Regex FeedLine();
}

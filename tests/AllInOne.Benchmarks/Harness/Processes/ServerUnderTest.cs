using System.Diagnostics;

namespace AllInOne.Benchmarks.Harness.Processes;

/// <summary>
/// The real server in a separate process, built beside these benchmarks, on a port that the system selects. Its disposal kills the process.
/// </summary>
internal sealed class ServerUnderTest : IDisposable
{
    private const string Announcement = "Dashboard";
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("allinone-server-");
    private readonly Process _process;

    /// <summary>Starts the server and waits for its address.</summary>
    /// <exception cref="InvalidOperationException">The server did not start; the message has its output.</exception>
    public ServerUnderTest(params string[] arguments)
        : this(Built, arguments)
    {
    }

    /// <summary>Starts another build of the server and waits for its address.</summary>
    /// <param name="assembly">The AllInOne.Server.dll of that build.</param>
    /// <param name="arguments">Further arguments of the command line.</param>
    public ServerUnderTest(FileInfo assembly, params string[] arguments)
    {
        _process = Process.Start(new ProcessStartInfo(
            "dotnet",
            [assembly.FullName, "serve", "--data", _data.FullName, "--urls", "http://127.0.0.1:0", "--Feeds:Xml:Listen=127.0.0.1:0", .. arguments])
        {
            RedirectStandardOutput = true,
        })!;
        using var limit = new CancellationTokenSource(StartLimit);
        using var kill = limit.Token.Register(_process.Kill);
        Http = new HttpClient { BaseAddress = Address(), Timeout = StartLimit };
        _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
    }

    /// <summary>The build of the server that corresponds to …/tests/AllInOne.Benchmarks/bin/Release/net10.0/, below src/AllInOne.Server/.</summary>
    public static FileInfo Built { get; } = new(Path.Combine(
        AppContext.BaseDirectory.Replace(
            Path.Combine("tests", "AllInOne.Benchmarks"), Path.Combine("src", "AllInOne.Server"), StringComparison.Ordinal),
        "AllInOne.Server.dll"));

    public HttpClient Http { get; }

    /// <summary>The id of its process.</summary>
    public int Id => _process.Id;

    public void Dispose()
    {
        Http.Dispose();
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _data.Delete(recursive: true);
    }

    private Uri Address()
    {
        var said = new List<string>();
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            said.Add(line);
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [Announcement, var url, ..] && Uri.TryCreate(url, UriKind.Absolute, out var address))
            {
                return address;
            }
        }

        _process.WaitForExit();
        throw new InvalidOperationException($"The server did not start: {string.Join(Environment.NewLine, said)}");
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;

namespace AllInOne.Benchmarks.Live;

/// <summary>The process of the clients: opens them, publishes events by PUT, and returns the delays of their arrival.</summary>
internal static class LiveProbe
{
    private const int Batch = 100;
    private const int Tells = 10;
    private const double KB = 1024;

    /// <summary>At a rate, the events of the first seconds count as warming up.</summary>
    private const int WarmUpSeconds = 3;

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan AskingAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Arriving = TimeSpan.FromSeconds(20);

    /// <summary>
    /// The arguments are <c>PORT PID sse|poll CLIENTS EVENTS-PER-SECOND SECONDS</c>. Without a rate, one event at a time goes to idle clients.
    /// </summary>
    public static IEnumerable<Reading> Measure(string[] arguments)
    {
        var numbers = arguments.Where((_, i) => i != 2).Select(text => int.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        var (port, server, clients, rate, seconds) = (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
        return MeasureAsync(port, server, arguments[2] == "poll", clients, rate, seconds).GetAwaiter().GetResult();
    }

    private static async Task<IReadOnlyList<Reading>> MeasureAsync(int port, int server, bool polls, int count, int rate, int seconds)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var run = new Run(count, Math.Max(Tells, rate * (seconds + WarmUpSeconds)) + 1, rate * WarmUpSeconds);
        await TellAsync(http, run);
        await WarmUpAsync(http, port, polls);
        var before = Resident(server);
        var watch = Stopwatch.StartNew();
        var clients = await OpenAsync(port, polls, count, run.Arrived);
        var opened = watch.Elapsed;
        Thread.Sleep(Settling);
        var held = (Resident(server) - before) / KB / count;
        if (rate == 0)
        {
            for (var n = 0; n < Tells; n++)
            {
                await TellAsync(http, run);
                run.WaitForAll(Arriving);
                // Waits until the clients that got the event wait again, because the measurement is of idle clients.
                Thread.Sleep(AskingAgain);
            }
        }
        else
        {
            await TellAtRateAsync(http, run, rate, seconds);
        }

        var late = run.Delays();
        var missing = run.Missing;
        clients.ForEach(client => client.Dispose());
        return
        [
            new("opened", opened.TotalSeconds), new("memory", held), new("p50", Statistics.Percentile(late, 50)),
            new("p99", Statistics.Percentile(late, 99)), new("worst", late[^1]), new("missing", missing),
        ];
    }

    private static async Task TellAtRateAsync(HttpClient http, Run run, int rate, int seconds)
    {
        var watch = Stopwatch.StartNew();
        var telling = new List<Task>();
        for (var n = 0; n < rate * (seconds + WarmUpSeconds); n++)
        {
            if (TimeSpan.FromSeconds((double)n / rate) - watch.Elapsed is { Ticks: > 0 } early)
            {
                Thread.Sleep(early);
            }

            telling.Add(TellAsync(http, run));
        }

        await Task.WhenAll(telling);
        run.WaitForAll(Arriving);
    }

    /// <summary>Changes the entity, which publishes the event. The clients that get the event do not wait for the answer to this request.</summary>
    private static async Task TellAsync(HttpClient http, Run run)
    {
        var number = run.Begin();
        using var answer = await http.PutAsJsonAsync("/api/entities/sensor.tick", new { state = $"tick-{number:00000}" });
        answer.EnsureSuccessStatusCode();
    }

    private static async Task WarmUpAsync(HttpClient http, int port, bool polls)
    {
        var run = new Run(Batch, Tells + 1, 0);
        var clients = await OpenAsync(port, polls, Batch, _ => { });
        for (var n = 0; n < Tells; n++)
        {
            await TellAsync(http, run);
        }

        clients.ForEach(client => client.Dispose());
        Thread.Sleep(Settling);
    }

    private static async Task<List<LiveClient>> OpenAsync(int port, bool polls, int count, Action<int> arrived)
    {
        var clients = Enumerable.Range(0, count).Select(_ => new LiveClient(port, polls, arrived)).ToList();
        foreach (var batch in clients.Chunk(Batch))
        {
            await Task.WhenAll(batch.Select(client => client.OpenAsync()));
        }

        return clients;
    }

    private static double Resident(int process) =>
        long.Parse(File.ReadAllText($"/proc/{process}/statm").Split(' ')[1], CultureInfo.InvariantCulture) * (double)Environment.SystemPageSize;

    /// <summary>The time at which each event was sent, and its delay at each client.</summary>
    private sealed class Run(int clients, int most, int warmUp)
    {
        private readonly long[] _sent = new long[most];
        private readonly int[] _arrivals = new int[most];
        private readonly float[] _delays = new float[most * clients];
        private int _begun;
        private int _count;

        public long Missing => ((long)(_begun - 1 - warmUp) * clients) - _count;

        public int Begin()
        {
            _sent[_begun] = Stopwatch.GetTimestamp();
            return _begun++;
        }

        public void Arrived(int number)
        {
            var delay = (float)Stopwatch.GetElapsedTime(_sent[number]).TotalMilliseconds;
            if (number > warmUp)
            {
                _delays[Interlocked.Increment(ref _count) - 1] = delay;
            }

            Interlocked.Increment(ref _arrivals[number]);
        }

        /// <summary>Waits until all clients have the last event, or the time is up.</summary>
        public void WaitForAll(TimeSpan limit) => SpinWait.SpinUntil(() => Volatile.Read(ref _arrivals[_begun - 1]) >= clients, limit);

        public List<double> Delays() => [.. _delays.Take(_count).Order().Select(delay => (double)delay)];
    }
}

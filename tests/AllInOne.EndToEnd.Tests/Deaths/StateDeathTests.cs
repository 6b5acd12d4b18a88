using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AllInOne.EndToEnd.Tests.Running;
using AllInOne.TestKit;

namespace AllInOne.EndToEnd.Tests.Deaths;

/// <summary>
/// The process is killed while clients count and lock. Durable counts survive. The other counts lose at most the changes of the
/// write interval and of the commits in it. A fencing token is never given twice.
/// </summary>
public sealed class StateDeathTests : IDisposable
{
    private const int Counters = 4;

    /// <summary>The time for which a lock outlives its killed holder.</summary>
    private const int LeaseSeconds = 2;

    private static readonly TimeSpan WriteInterval = TimeSpan.FromMilliseconds(150);

    private readonly TemporaryDirectory _data = new();
    private readonly ConcurrentDictionary<string, int> _durable = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<(long Time, int Number)>> _behind = new();
    private readonly Killing _killing;
    private long _fencing;
    private long _slowest;
    private int _answers;

    public StateDeathTests() => _killing = new Killing(_data.Path, $"--State:WriteInterval={WriteInterval:c}");

    /// <summary>
    /// The time from which counts that are not durable may be lost. A change that comes during a commit waits for that commit, for a pause of the
    /// same length and for the next beat, and then needs a commit itself. No commit of this run took longer than its slowest durable answer.
    /// </summary>
    private TimeSpan Tail => WriteInterval + (3 * TimeSpan.FromTicks(_slowest));

    public void Dispose() => _data.Dispose();

    [Fact]
    public Task Durable_counts_survive_kill_9_and_others_lose_only_the_last_moments() => KillAgainAndAgainAsync(kills: 3, seed: 1);

    [Fact]
    [Trait("Category", "Long")]
    public Task Durable_counts_survive_20_kills() => KillAgainAndAgainAsync(kills: 20, seed: 2);

    private async Task KillAgainAndAgainAsync(int kills, int seed)
    {
        await _killing.RunAsync(kills, seed, CompareAsync, Start, () => _answers > 100 && _durable.Count == Counters && _fencing > 0);
        Assert.True(_fencing > 0);
    }

    private IReadOnlyList<Task> Start(Uri server)
    {
        (_answers, _slowest) = (0, 0);
        return
        [
            .. Enumerable.Range(0, Counters).Select(n => CountAsync(server, $"durable-{n}", durable: true)),
            .. Enumerable.Range(0, Counters).Select(n => CountAsync(server, $"behind-{n}", durable: false)),
            LockAsync(server),
        ];
    }

    private async Task CountAsync(Uri server, string key, bool durable)
    {
        using var http = new HttpClient { BaseAddress = server };
        var asked = Stopwatch.GetTimestamp();
        try
        {
            for (; ; asked = Stopwatch.GetTimestamp())
            {
                using var response = await http.PostAsync(new Uri($"/api/state/{key}/increment?durable={(durable ? "true" : "false")}", UriKind.Relative), null);
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                var number = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("value").GetInt32();
                Interlocked.Increment(ref _answers);
                if (durable)
                {
                    _durable[key] = number;
                    Took(Stopwatch.GetElapsedTime(asked));
                }
                else
                {
                    _behind.GetOrAdd(key, _ => []).Enqueue((Stopwatch.GetTimestamp(), number));
                }
            }
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException)
        {
            // A request without an answer also took this long.
            Took(durable ? Stopwatch.GetElapsedTime(asked, Math.Max(asked, _killing.KilledAt)) : TimeSpan.Zero);
        }
    }

    private void Took(TimeSpan time)
    {
        for (var seen = Interlocked.Read(ref _slowest); time.Ticks > seen; seen = Interlocked.Read(ref _slowest))
        {
            Interlocked.CompareExchange(ref _slowest, time.Ticks, seen);
        }
    }

    private async Task LockAsync(Uri server)
    {
        using var http = new HttpClient { BaseAddress = server };
        try
        {
            for (; ; )
            {
                var asked = Stopwatch.GetTimestamp();
                using var response = await http.PostAsJsonAsync(new Uri("/api/state/door/lock", UriKind.Relative), new { ttl = LeaseSeconds, wait = 60 });
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                var granted = await response.Content.ReadFromJsonAsync<JsonElement>();
                var fencing = granted.GetProperty("fencing").GetInt64();
                Assert.True(fencing > _fencing, $"{fencing} after {_fencing}");
                _fencing = fencing;
                using var released = await http.PostAsJsonAsync(
                    new Uri("/api/state/door/lock/release", UriKind.Relative), new { token = granted.GetProperty("token").GetString() });
                // A pause of the machine may be longer than the lease.
                Assert.Equal(
                    released.StatusCode == HttpStatusCode.Conflict && Stopwatch.GetElapsedTime(asked) > TimeSpan.FromSeconds(LeaseSeconds)
                        ? HttpStatusCode.Conflict
                        : HttpStatusCode.NoContent,
                    released.StatusCode);
            }
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException)
        {
            // The server is killed.
        }
    }

    private async Task CompareAsync(ServerProcess server)
    {
        foreach (var (key, number) in _durable)
        {
            // One request at a time: the last one may have been done without an answer.
            Assert.InRange(await NumberAsync(server, key), number, number + 1);
        }

        foreach (var (key, counted) in _behind)
        {
            var kept = counted.Where(one => Stopwatch.GetElapsedTime(one.Time, _killing.KilledAt) > Tail).Select(one => one.Number).DefaultIfEmpty(0).Max();
            var last = counted.Select(one => one.Number).Max();
            var number = await NumberAsync(server, key);
            Assert.True(number >= kept && number <= last + 1, $"{key} is {number}, not from {kept} to {last + 1}: more than {Tail} is lost");
        }

        _behind.Clear();
    }

    private static async Task<int> NumberAsync(ServerProcess server, string key)
    {
        using var response = await server.Http.GetAsync(new Uri($"/api/state/{key}", UriKind.Relative));
        return response.StatusCode == HttpStatusCode.NotFound
            ? 0
            : int.Parse(await response.Content.ReadAsStringAsync(), CultureInfo.InvariantCulture);
    }
}

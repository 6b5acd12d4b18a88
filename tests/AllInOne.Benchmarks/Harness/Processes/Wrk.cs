using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace AllInOne.Benchmarks.Harness.Processes;

/// <summary>Debian's <c>wrk</c>: 64 keep-alive connections. Each sends the same request again as soon as it is answered.</summary>
internal static class Wrk
{
    private const int Connections = 64;

    /// <param name="url">The address of the requests.</param>
    /// <param name="seconds">The duration.</param>
    /// <param name="post">The JSON body of a POST; null for GET.</param>
    /// <returns>Requests per second and the 99th percentile of their time in milliseconds; null if wrk is not installed.</returns>
    /// <exception cref="InvalidOperationException">Requests failed; the message has the output of wrk.</exception>
    public static (double Rate, double P99)? Run(string url, int seconds, string? post = null)
    {
        var script = Path.GetTempFileName();
        try
        {
            File.WriteAllText(script, post is null
                ? "wrk.method = \"GET\""
                : $"wrk.method = \"POST\"\nwrk.body = [[{post}]]\nwrk.headers[\"Content-Type\"] = \"application/json\"");
            using var process = Process.Start(new ProcessStartInfo(
                "wrk", ["-t1", $"-c{Connections}", $"-d{seconds}s", "--latency", "-s", script, url]) { RedirectStandardOutput = true })!;
            var said = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return said.Contains("Non-2xx", StringComparison.Ordinal) || said.Contains("Socket errors", StringComparison.Ordinal)
                ? throw new InvalidOperationException(said)
                : (Number(said, "Requests/sec:"), Milliseconds(said, "99%"));
        }
        catch (Win32Exception)
        {
            return null;
        }
        finally
        {
            File.Delete(script);
        }
    }

    private static double Number(string said, string label) => double.Parse(Word(said, label), CultureInfo.InvariantCulture);

    private static double Milliseconds(string said, string label)
    {
        var word = Word(said, label);
        var unit = word.TrimStart("0123456789.".ToCharArray());
        return double.Parse(word[..^unit.Length], CultureInfo.InvariantCulture) * (unit switch { "us" => 0.001, "ms" => 1, "s" => 1000, _ => 60_000 });
    }

    private static string Word(string said, string label) =>
        said[(said.IndexOf(label, StringComparison.Ordinal) + label.Length)..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[0];
}

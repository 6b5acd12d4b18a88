using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using AllInOne.Core.Entities.Snapshots;
using AllInOne.Core.Feeds.Xml;

namespace AllInOne.Benchmarks.Feeds;

/// <summary>
/// The speed at which one core turns bytes into reports: framing and parsing of small events in reads of 64 KiB, without sockets, actors
/// or storage. The aim is 150,000 elements a second.
/// </summary>
internal static class IngestParse
{
    private const int ReadBytes = 64 * 1024;
    private const int WarmUps = 10;
    private const int Elements = 60_000;

    public static void Run(Session session)
    {
        foreach (var elements in new[] { 1, 2, 20 })
        {
            var bytes = Events(Elements / elements, elements);
            var seconds = Enumerable.Range(0, WarmUps + session.Rounds).Select(_ => Time(bytes)).Skip(WarmUps).ToList();
            session.Add($"{elements} elements an event: elements/s", Series.Ours(seconds.Select(taken => Elements / taken)), Budget.AtLeast(150_000));
            session.Add($"{elements} elements an event: MB/s", Series.Ours(seconds.Select(taken => bytes.Length / taken / 1e6)));
        }
    }

    private static double Time(byte[] bytes)
    {
        var watch = Stopwatch.StartNew();
        var read = Read(bytes);
        return read == Elements ? watch.Elapsed.TotalSeconds : throw new InvalidOperationException($"{read} elements were read.");
    }

    private static long Read(byte[] bytes)
    {
        var framer = new XmlFramer(1024 * 1024, 32);
        var parser = new XmlEventParser(10_000, EntityLimits.Default);
        var events = new List<ReadOnlyMemory<byte>>();
        var results = new List<FeedEvent>();
        var elements = 0L;
        for (var at = 0; at < bytes.Length; at += ReadBytes)
        {
            framer.Append(new ReadOnlySequence<byte>(bytes, at, Math.Min(ReadBytes, bytes.Length - at)));
            events.Clear();
            results.Clear();
            while (framer.TryRead(out var frame))
            {
                events.Add(frame.Bytes);
            }

            parser.Parse(events, results);
            foreach (var one in results)
            {
                elements += one.Reports.Count;
            }
        }

        return elements;
    }

    private static byte[] Events(int count, int elements)
    {
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            text.Append("<event>");
            for (var e = 0; e < elements; e++)
            {
                text.Append(CultureInfo.InvariantCulture, $"<sensor id=\"room_{(i + e) % 500}\" state=\"{i % 40}.{e % 10}\" unit=\"°C\"/>");
            }

            text.Append("</event>\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}

using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using AllInOne.Core.Feeds.Xml;

namespace AllInOne.Benchmarks;

/// <summary>
/// How fast one core turns bytes into reports: framing and parsing of small events in reads of 64 KiB, without sockets, actors
/// or storage. The aim is 150,000 elements a second.
/// </summary>
internal static class IngestParse
{
    private const int ReadBytes = 64 * 1024;

    public static void Run(TextWriter output)
    {
        foreach (var elements in new[] { 1, 2, 20 })
        {
            var bytes = Events(60_000 / elements, elements);
            var best = double.MaxValue;
            for (var round = 0; round < 10; round++)
            {
                var watch = Stopwatch.StartNew();
                var read = Read(bytes);
                best = Math.Min(best, watch.Elapsed.TotalSeconds);
                if (read != 60_000 / elements * elements)
                {
                    throw new InvalidOperationException($"{read} elements were read.");
                }
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"ingest-parse: {elements,2} elements an event: {60_000 / best,10:N0} elements/s, {bytes.Length / best / 1e6,6:N1} MB/s"));
        }
    }

    private static long Read(byte[] bytes)
    {
        var framer = new XmlFramer(1024 * 1024, 32);
        var parser = new XmlEventParser(10_000);
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

using AllInOne.Benchmarks;

// One benchmark by its name, or all of them.
var all = new Dictionary<string, Action<TextWriter>>
{
    ["ingest-parse"] = IngestParse.Run,
    ["ingest"] = Ingest.Run,
};
var chosen = args.Length == 0 ? all.Keys : args.AsEnumerable();
foreach (var name in chosen)
{
    if (!all.TryGetValue(name, out var run))
    {
        Console.Error.WriteLine($"There is no benchmark '{name}': {string.Join(", ", all.Keys)}.");
        return 2;
    }

    run(Console.Out);
}

return 0;

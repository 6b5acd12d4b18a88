// dotnet run -c Release --project tests/AllInOne.Benchmarks -- [area or benchmark ...] [--rounds N] [--seconds N] [--json FILE]
//   Harness/   contests between us and the peers that are installed, the table, the JSON file
//   Actors/    one benchmark per file, with the probe that a clean process of its own runs
//   Feeds/     the same for the way of an event
//   Peers/     the same probes in other languages
//   Runtimes/  what differs between the bundled runtime and Akka.NET
using AllInOne.Benchmarks.Actors;
using AllInOne.Benchmarks.Feeds;
using AllInOne.Benchmarks.Harness;

return Suite.Run(
    args,
    [
        new("actors.memory", Memory.Run, Memory.Probe),
        new("actors.pingpong", PingPong.Run, PingPong.Probe),
        new("actors.flood", Flood.Run, Flood.Probe),
        new("actors.restarts", Restarts.Run, Restarts.Probe),
        new("actors.fairness", Fairness.Run, FairnessProbe.Measure),
        new("actors.accounting", Accounting.Run, Accounting.Probe),
        new("actors.inspection", Inspection.Run),
        new("ingest-parse", IngestParse.Run),
        new("ingest", Ingest.Run),
    ]);

// dotnet run -c Release --project tests/AllInOne.Benchmarks -- [area or benchmark ...] [--rounds N] [--seconds N] [--json FILE]
//   Harness/   contests between our program and the installed peers, the table, the JSON file
//   Actors/    one benchmark per file, with its probe, which runs in a clean process
//   Feeds/     the same for an event on its way into history
//   Live/      clients that wait, in a separate process
//   Jobs/      the delay of runs, the work queue, a start with many definitions
//   State/     server-wide keys in process and over HTTP, beside a bare counter and Redis
//   Storage/   the writer and the history beside plain SQLite
//   Start/     the server's start, and its use of resources while idle
//   Peers/     the same probes in other languages
using AllInOne.Benchmarks.Actors;
using AllInOne.Benchmarks.Feeds;
using AllInOne.Benchmarks.Jobs;
using AllInOne.Benchmarks.Live;
using AllInOne.Benchmarks.Start;
using AllInOne.Benchmarks.State;
using AllInOne.Benchmarks.Storage;

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
        new("storage.writer", Writer.Run),
        new("storage.history", History.Run),
        new("storage.documents", Documents.Run),
        new(Documents.Bare, _ => { }, Documents.Serve),
        new("ingest-parse", IngestParse.Run),
        new("ingest", Ingest.Run),
        new("state.process", InProcess.Run),
        new("state.http", OverHttp.Run),
        new(OverHttp.Bare, _ => { }, OverHttp.Serve),
        new("jobs.lateness", Lateness.Run),
        new("jobs.queue", WorkQueue.Run),
        new("jobs.load", Loading.Run),
        new("start", ServerStart.Run),
        new("live", LiveConnections.Run),
        new(LiveConnections.Bare, _ => { }, BareLive.Serve),
        new(LiveConnections.Probe, _ => { }, LiveProbe.Measure),
    ]);

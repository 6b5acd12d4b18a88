using AllInOne.Core;
using AllInOne.Core.Inspection;
using AllInOne.Core.Jobs;
using AllInOne.Core.Jobs.Counting;
using AllInOne.Core.State;
using AllInOne.Core.Storage.Writing;

namespace AllInOne.Server.Metrics;

/// <summary>The content of <c>/metrics</c>, read from the facades of the parts. A read waits for no actor.</summary>
internal static class ServerMetrics
{
    private const string Counter = "counter";
    private const string Gauge = "gauge";

    /// <summary>The maximum number of children of <c>/user</c> in the text. The tree has far fewer.</summary>
    private const int MostParts = 100;

    public static string Read(SystemTree tree, ProcessFigures figures)
    {
        var text = new PrometheusText();
        Process(text, figures);
        Log(text, figures);
        Http(text, figures);
        Storage(text, tree.Writers);
        State(text, tree.State);
        Jobs(text, tree.Jobs.Figures);
        Live(text, tree);
        Feeds(text, tree);
        Actors(text, tree.Inspection);
        text.Gauge("allinone_ready", "1 when every part serves, else 0", tree.NotReady.Count == 0 ? 1 : 0);
        return text.ToString();
    }

    private static void Process(PrometheusText text, ProcessFigures figures) => text
        .Info("allinone_info", "The name of the node and its version", ("node", figures.Node), ("version", ServerVersion.Text))
        .Gauge("allinone_uptime_seconds", "Time since the start", figures.Uptime.TotalSeconds)
        .Counter("process_cpu_seconds_total", "Processor time used", Environment.CpuUsage.TotalTime.TotalSeconds)
        .Gauge("process_resident_memory_bytes", "Memory of the process", Environment.WorkingSet)
        .Gauge("dotnet_heap_bytes", "Managed memory in use", GC.GetTotalMemory(forceFullCollection: false))
        .Counter("dotnet_allocated_bytes_total", "Managed memory allocated since the start", GC.GetTotalAllocatedBytes())
        .Each("dotnet_collections_total", Counter, "Garbage collections", "generation", [0, 1, 2], n => $"{n}", n => GC.CollectionCount(n))
        .Counter("dotnet_gc_pause_seconds_total", "Time that the process paused for collections", GC.GetTotalPauseDuration().TotalSeconds);

    private static void Log(PrometheusText text, ProcessFigures figures) => text
        .Each("allinone_log_dropped_total", Counter, "Lines dropped because the queue was full", "to", figures.Log, log => log.Name, log => log.Dropped);

    private static void Http(PrometheusText text, ProcessFigures figures) => text
        .Each("allinone_http_requests_total", Counter, "Requests answered", "status", [1, 2, 3, 4, 5], n => $"{n}xx", n => figures.Requests.Count(n))
        .Counter("allinone_http_request_seconds_total", "Total time of them", figures.Requests.Time.TotalSeconds)
        .Counter("allinone_http_connections_refused_total", "Connections closed because they were not to a loopback address", figures.Requests.RefusedConnections)
        .Counter("allinone_http_answers_unread_total", "Connections closed because their client did not read an answer", figures.Requests.UnreadAnswers)
        .Gauge("allinone_http_body_bytes", "Bytes of bodies that current requests hold", figures.Bodies.Held)
        .Gauge("allinone_http_answer_bytes", "Bytes of answers that current requests hold", figures.Answers.Held)
        .Gauge("allinone_http_requests_active", "Current requests", figures.Requests.Active);

    private static void Storage(PrometheusText text, IReadOnlyList<WriterSnapshot> writers)
    {
        Each("ready", Gauge, "1 if the writer works, else 0", one => one.Ready ? 1 : 0);
        Each("rows_total", Counter, "Rows committed", one => one.Figures.Rows);
        Each("transactions_total", Counter, "Transactions committed that held a row", one => one.Figures.Transactions);
        Each("rows_per_transaction", Gauge, "Mean of the last 1024 transactions", one => one.Figures.RowsPerTransaction);
        Each("commit_p50_seconds", Gauge, "Median time of the last 1024 transactions", one => one.Figures.CommitP50Ms / 1000);
        Each("commit_p99_seconds", Gauge, "99th percentile of the same", one => one.Figures.CommitP99Ms / 1000);
        Each("queue_rows", Gauge, "Pending operations", one => one.Figures.QueueRows);
        Each("queue_bytes", Gauge, "Bytes of data of the pending operations", one => one.Figures.QueueBytes);
        Each("refused_total", Counter, "Operations that failed alone", one => one.Figures.Refused);
        Each("faults_total", Counter, "I/O errors", one => one.Figures.Faults);
        Each("log_bytes", Gauge, "Size of the WAL", one => one.Figures.LogBytes);
        Each("log_held_bytes", Gauge, "Bytes of the WAL that a reader keeps from the checkpoint", one => one.Figures.LogHeldBytes);
        Each("checkpoints_total", Counter, "Checkpoints", one => one.Figures.Checkpoints);
        Each("checkpoint_longest_seconds", Gauge, "The longest checkpoint", one => one.Figures.LongestCheckpointMs / 1000);

        void Each(string name, string kind, string help, Func<WriterSnapshot, double> value) =>
            text.Each($"allinone_storage_{name}", kind, help, "file", writers, one => one.File, value);
    }

    private static void State(PrometheusText text, StateStore state)
    {
        var shards = state.Figures;
        text.Gauge("allinone_state_bytes_max", "Maximum memory of all shards", state.Options.MaxBytes);
        Each("keys", Gauge, "Keys, including locks", one => one.Keys);
        Each("bytes", Gauge, "Memory of keys and values", one => one.Bytes);
        Each("hits_total", Counter, "Reads that found a value", one => one.Hits);
        Each("misses_total", Counter, "Reads that found no value", one => one.Misses);
        Each("expired_total", Counter, "Keys whose time to live has expired", one => one.Expired);
        Each("evicted_total", Counter, "Keys that were evicted", one => one.Evicted);
        Each("pending", Gauge, "Commands that wait", one => one.Pending);
        Each("waiting", Gauge, "Callers that wait for a lock or an element of a list", one => one.Waiting);
        Each("unwritten", Gauge, "Changed keys that the writer does not have yet", one => one.Unwritten);

        void Each(string name, string kind, string help, Func<StateFigures, double> value) =>
            text.Each($"allinone_state_{name}", kind, help, "shard", shards, one => $"{one.Shard}", value);
    }

    private static void Jobs(PrometheusText text, JobsFigures jobs) => text
        .Gauge("allinone_jobs", "Jobs", jobs.Jobs)
        .Each(
            "allinone_jobs_runs_total", Counter, "Runs completed since the start", "outcome", Enum.GetValues<RunOutcome>(), JobJson.Name,
            outcome => jobs.All.Completed(outcome))
        .Counter("allinone_jobs_run_seconds_total", "Total time of them", jobs.All.Duration.TotalSeconds)
        .Counter("allinone_jobs_skipped_total", "Times without a run, because of an overlap or because too many waited", jobs.All.Skipped)
        .Gauge("allinone_jobs_running", "Active runs", jobs.All.Running)
        .Gauge("allinone_jobs_waiting", "Runs that wait for a free place or for another run", jobs.All.Waiting)
        .Gauge("allinone_jobs_queued", "Items in the queues, including those of active runs", jobs.All.Queued)
        .Gauge("allinone_jobs_dead", "Dead items", jobs.All.Dead)
        .Gauge("allinone_jobs_lateness_p50_seconds", "How late the last 1024 scheduled runs started: the median", jobs.LatenessP50Ms / 1000)
        .Gauge("allinone_jobs_lateness_p99_seconds", "99th percentile of the same", jobs.LatenessP99Ms / 1000);

    private static void Live(PrometheusText text, SystemTree tree)
    {
        var live = tree.Live.Figures;
        var transports = new[] { ("long-poll", live.LongPolls), ("sse", live.Sse), ("websocket", live.WebSockets) };
        text.Gauge("allinone_entities", "Entities", tree.Entities.Count)
            .Counter("allinone_events_total", "Events published since the start", tree.Events.Published)
            .Gauge("allinone_events_head", "The last sequence number", tree.Events.Head)
            .Gauge("allinone_events_floor", "The last sequence number that the retention has deleted", tree.History.Floor)
            .Each("allinone_live_connections", Gauge, "Live connections", "transport", transports, one => one.Item1, one => one.Item2)
            .Gauge("allinone_live_subscriptions", "Subscriptions", live.Subscriptions)
            .Counter("allinone_live_sent_total", "Events sent to live clients; each client counts", live.Sent)
            .Counter("allinone_live_dropped_total", "Connections dropped because the client was too slow", live.Dropped)
            .Counter("allinone_live_resets_total", "Cursors with a reset", live.Resets);
    }

    private static void Feeds(PrometheusText text, SystemTree tree)
    {
        var totals = new[] { tree.Feeds.Totals };
        text.Each("allinone_feed_connections", Gauge, "Open connections", "feed", totals, _ => "xml", one => one.Open)
            .Each("allinone_feed_accepted_total", Counter, "Connections accepted", "feed", totals, _ => "xml", one => one.Accepted)
            .Each("allinone_feed_refused_total", Counter, "Connections refused", "feed", totals, _ => "xml", one => one.Refused)
            .Each("allinone_feed_bytes_total", Counter, "Bytes received", "feed", totals, _ => "xml", one => one.Bytes)
            .Each("allinone_feed_events_total", Counter, "Events received", "feed", totals, _ => "xml", one => one.Events)
            .Each("allinone_feed_elements_total", Counter, "Elements accepted", "feed", totals, _ => "xml", one => one.Elements)
            .Each("allinone_feed_rejected_total", Counter, "Invalid events and elements", "feed", totals, _ => "xml", one => one.Rejected)
            .Each("allinone_feed_committed_total", Counter, "Committed elements", "feed", totals, _ => "xml", one => one.Committed);
    }

    private static void Actors(PrometheusText text, IInspection inspection)
    {
        var parts = inspection.Children("/user", null, MostParts);
        text.Each("allinone_actor_children", Gauge, "Children of a part of the tree", "path", parts, one => one.Path, one => one.Children)
            .Each("allinone_actor_mailbox", Gauge, "Messages that wait", "path", parts, one => one.Path, one => one.Mailbox)
            .Each("allinone_actor_messages_total", Counter, "Messages handled", "path", parts, one => one.Path, one => one.Messages)
            .Each("allinone_actor_busy_seconds_total", Counter, "Time spent on messages", "path", parts, one => one.Path, one => one.BusyMs / 1000)
            .Each("allinone_actor_restarts_total", Counter, "Restarts", "path", parts, one => one.Path, one => one.Restarts);
        var scheduler = inspection.Scheduler;
        text.Gauge("allinone_scheduler_workers", "Threads that run actors at the same time", scheduler.Workers)
            .Gauge("allinone_scheduler_threads", "Threads, including spare and blocked ones", scheduler.Threads)
            .Gauge("allinone_scheduler_threads_max", "Maximum number of threads", scheduler.MaxThreads)
            .Gauge("allinone_scheduler_queued", "Actors that wait for a worker", scheduler.Queued)
            .Gauge("allinone_scheduler_held_up", "Threads that a message blocks", scheduler.HeldUp.Count);
    }
}

using AllInOne.Core.Backups;
using AllInOne.Core.Documents;
using AllInOne.Core.Entities;
using AllInOne.Core.Events.History;
using AllInOne.Core.Faults;
using AllInOne.Core.Feeds;
using AllInOne.Core.Jobs;
using AllInOne.Core.Live;
using AllInOne.Core.Load;
using AllInOne.Core.Requests;
using AllInOne.Core.State;
using AllInOne.Core.Storage;
using AllInOne.Core.Supervision;
using AllInOne.Server.Configuration.Keys;
using Serilog.Events;

namespace AllInOne.Server.Configuration;

/// <summary>Every key that may be configured: each options class under its section, and the few that have none.</summary>
internal static class ServerSchema
{
    public static SchemaNode Create() => SchemaNode.Section()
        .Add("Urls", SchemaNode.Leaf(typeof(string)))
        .Add("Data", SchemaNode.Of(typeof(DataOptions)))
        .Add("Auth", SchemaNode.Of(typeof(AuthOptions)))
        .Add("Http", SchemaNode.Of(typeof(HttpOptions)))
        .Add(MemoryOptions.Section, SchemaNode.Of(typeof(MemoryOptions)))
        .Add("Supervision", SchemaNode.Of(typeof(SupervisionOptions)))
        .Add(SchedulerOptions.Section, SchemaNode.Of(typeof(SchedulerOptions)))
        .Add(StorageOptions.Section, SchemaNode.Of(typeof(StorageOptions)))
        .Add(BackupsOptions.Section, SchemaNode.Of(typeof(BackupsOptions)))
        .Add(HistoryOptions.Section, SchemaNode.Of(typeof(HistoryOptions)))
        .Add(LiveOptions.Section, SchemaNode.Of(typeof(LiveOptions)))
        .Add(DocumentsOptions.Section, SchemaNode.Of(typeof(DocumentsOptions)))
        .Add(StateOptions.Section, SchemaNode.Of(typeof(StateOptions)))
        .Add(EntitiesOptions.Section, SchemaNode.Of(typeof(EntitiesOptions)))
        .Add(FeedsOptions.Section, SchemaNode.Of(typeof(FeedsOptions)))
        .Add(JobsOptions.Section, SchemaNode.Of(typeof(JobsOptions)))
        .Add(RequestsOptions.Section, SchemaNode.Of(typeof(RequestsOptions)))
        .Add(LoadOptions.Section, SchemaNode.Of(typeof(LoadOptions)))
        .Add(FaultsOptions.Section, SchemaNode.Of(typeof(FaultsOptions)))
        .Add("Serilog", Serilog());

    /// <summary>Serilog's own section: the levels are checked here, the rest by Serilog when it reads them.</summary>
    private static SchemaNode Serilog()
    {
        var level = SchemaNode.Leaf(typeof(LogEventLevel));
        var section = SchemaNode.Section()
            .Add("MinimumLevel:Default", level)
            .Add("MinimumLevel:Override", SchemaNode.Map(level));
        foreach (var free in (string[])["Using", "WriteTo", "Enrich", "Filter", "Properties", "Destructure"])
        {
            section.Add(free, SchemaNode.Free());
        }

        return section;
    }
}

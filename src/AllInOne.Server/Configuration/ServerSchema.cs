using AllInOne.Server.Configuration.Keys;
using Serilog.Events;

namespace AllInOne.Server.Configuration;

/// <summary>All keys that may be configured: those of <see cref="ServerOptions"/>, and Serilog's.</summary>
internal static class ServerSchema
{
    public static SchemaNode Create() => SchemaNode.Of(typeof(ServerOptions)).Add("Serilog", Serilog());

    /// <summary>Serilog's own section. The levels are checked here; Serilog checks the rest when it reads the section.</summary>
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

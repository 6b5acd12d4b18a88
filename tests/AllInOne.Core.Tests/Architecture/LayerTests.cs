namespace AllInOne.Core.Tests.Architecture;

/// <summary>The layers of Core: each folder uses only folders before it in the list.</summary>
public sealed class LayerTests
{
    /// <summary>From the bottom to the top.</summary>
    private static readonly string[] Layers =
    [
        "Values", "Supervision", "Storage", "Events", "Live", "Entities", "Documents", "State", "Cron", "Jobs", "Data", "Backups",
        "Feeds", "Faults", "Inspection", "Load", "Requests",
    ];

    private static readonly FolderGraph Core = FolderGraph.Of(typeof(SystemTree));

    [Fact]
    public void Each_folder_uses_only_folders_below_it()
    {
        var upwards = Core.Uses
            .Where(use => Array.IndexOf(Layers, use.Key.To) > Array.IndexOf(Layers, use.Key.From))
            .Select(use => $"{use.Key.From} uses {use.Key.To}: {string.Join(", ", use.Value)}");

        Assert.Equal([], Core.Folders.Except(Layers));
        Assert.Equal([], upwards);
    }

    [Fact]
    public void Core_knows_no_web_server() =>
        Assert.DoesNotContain(Core.References, name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));

    /// <summary>A storage engine of the documents can be replaced: only its folder names it, and the option that chooses it.</summary>
    [Theory]
    [InlineData("Sqlite", "sql")]
    [InlineData("LiteDb", "litedb")]
    public void Documents_name_their_storage_engine_only_in_its_folder(string folder, string name)
    {
        string[] choice = ["DocumentsOptions.cs", "DocumentEngineName.cs"];
        var files = Directory.GetFiles(Repository.At("src", "AllInOne.Core", "Documents"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !choice.Contains(Path.GetFileName(file))).ToList();
        var engine = files.Where(file => file.Contains($"{Path.DirectorySeparatorChar}{folder}{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(engine);
        Assert.Equal([], files.Except(engine).Where(file => File.ReadAllText(file).Contains(name, StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public void Known_uses_between_folders_are_found()
    {
        Assert.True(Core.Uses.ContainsKey(("Jobs", "Cron")));
        Assert.True(Core.Uses.ContainsKey(("Live", "Events")));
    }

    [Fact]
    public void A_cycle_is_found() => Assert.Equal(["b", "c", "d", "b"], FolderGraph.CycleIn([("a", "b"), ("b", "c"), ("c", "d"), ("d", "b"), ("a", "e")]));
}

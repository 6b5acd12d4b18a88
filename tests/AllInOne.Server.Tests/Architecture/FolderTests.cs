using System.Text.RegularExpressions;
using AllInOne.Server.Hosting;

namespace AllInOne.Server.Tests.Architecture;

/// <summary>The folders of the sources: their layers in the server, their size, and the namespaces of their files.</summary>
public sealed partial class FolderTests
{
    private const int MostFiles = 15;

    /// <summary>From the bottom to the top: each folder uses only folders before it.</summary>
    private static readonly string[] Layers =
        ["Configuration", "Logging", "Http", "Live", "Metrics", "Endpoints", "Simulation", "Hosting", "Cli"];

    private static readonly FolderGraph Server = FolderGraph.Of(typeof(RunningServer));

    [Fact]
    public void Each_folder_of_the_server_uses_only_folders_below_it()
    {
        var upwards = Server.Uses
            .Where(use => Array.IndexOf(Layers, use.Key.To) > Array.IndexOf(Layers, use.Key.From))
            .Select(use => $"{use.Key.From} uses {use.Key.To}: {string.Join(", ", use.Value)}");

        Assert.Equal([], Server.Folders.Except(Layers));
        Assert.Equal([], upwards);
    }

    [Fact]
    public void Known_uses_between_folders_are_found()
    {
        Assert.True(Server.Uses.ContainsKey(("Cli", "Hosting")));
        Assert.True(Server.Uses.ContainsKey(("Endpoints", "Live")));
        Assert.True(Server.Uses.ContainsKey(("Metrics", "Logging")));
    }

    [Fact]
    public void No_folder_has_more_files_than_a_reader_can_survey()
    {
        var folders = Sources("src", ".cs").Concat(Sources("tests", ".cs")).Concat(Sources("wwwroot", ".js", ".css"))
            .CountBy(file => Path.GetDirectoryName(file)!)
            .ToDictionary();

        Assert.True(folders.ContainsKey("src/AllInOne.Server/Http/Limits"));
        Assert.True(folders.ContainsKey("tests/AllInOne.Core.Tests/Storage"));
        Assert.True(folders.ContainsKey("wwwroot/styles"));
        Assert.Equal([], folders.Where(folder => folder.Value > MostFiles).Select(folder => folder.Key));
    }

    [Fact]
    public void A_namespace_is_the_folder_of_its_file()
    {
        // AllInOne.Actors is a library of one namespace.
        var elsewhere = Sources("src/AllInOne.Core", ".cs").Concat(Sources("src/AllInOne.Server", ".cs"))
            .Select(file => (Path: file, Namespace: Namespace().Match(File.ReadAllText(Repository.At(file))).Groups[1].Value))
            .Where(file => file.Namespace.Length > 0 && file.Namespace != Path.GetDirectoryName(file.Path)!["src/".Length..].Replace('/', '.'))
            .Select(file => $"{file.Path} has the namespace {file.Namespace}");

        Assert.Equal([], elsewhere);
    }

    /// <summary>
    /// The files of a folder of the repository and of all its folders, without the output of the build, by their paths from the root.
    /// </summary>
    private static IEnumerable<string> Sources(string folder, params string[] endings) =>
        Directory.EnumerateFiles(Repository.At(folder), "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
            .Where(file => endings.Contains(Path.GetExtension(file)) && !file.Split('/').Any(part => part is "bin" or "obj"));

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}

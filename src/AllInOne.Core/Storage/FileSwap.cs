using System.Text.Json;

namespace AllInOne.Core.Storage;

/// <summary>
/// Replaces a set of files in a directory. If the process dies at any moment, one complete set of files is left. Until the journal exists, this is
/// the old set. From then on it is the new set, because the next process that claims the directory completes the steps of the journal. All steps are
/// renames within one file system, and each can be repeated. The old files are moved to a directory of their own. The caller must hold the claim of
/// the directory.
/// </summary>
/// <param name="directory">The directory of the files.</param>
/// <param name="beforeStep">Called before each step with its description, so that a test can interrupt the swap there.</param>
internal sealed class FileSwap(string directory, Action<string>? beforeStep = null)
{
    public const string JournalName = "restore.json";

    private const string StagingPrefix = "restoring-";

    private string JournalPath => Path.Combine(directory, JournalName);

    /// <summary>Creates an empty directory for the new files. If no journal is written, the next <see cref="Complete"/> deletes it.</summary>
    public string Stage()
    {
        var staging = Path.Combine(directory, StagingPrefix + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(staging);
        return staging;
    }

    /// <summary>Replaces the files. The files in <paramref name="staging"/> must be flushed to the disk before.</summary>
    /// <param name="staging">The result of <see cref="Stage"/>.</param>
    /// <param name="arriving">The names of the new files in the staging directory.</param>
    /// <param name="leaving">The names of the old files. A file that does not exist is ignored.</param>
    /// <param name="aside">The name of the directory to which the old files are moved. It must not exist yet.</param>
    public void Swap(string staging, IEnumerable<string> arriving, IEnumerable<string> leaving, string aside)
    {
        DirectorySync.Flush(staging);
        DirectorySync.Flush(directory);
        var present = leaving.Where(name => IsThere(Path.Combine(directory, name)));
        var journal = new Journal(Path.GetFileName(staging), aside, [.. arriving], [.. present]);
        var draft = Path.Combine(staging, JournalName);
        Do("write the journal", () =>
        {
            using var stream = new FileStream(draft, FileMode.Create, FileAccess.Write);
            JsonSerializer.Serialize(stream, journal, JsonSerializerOptions.Web);
            stream.Flush(flushToDisk: true);
        });
        Do("put the journal in its place", () => File.Move(draft, JournalPath));
        DirectorySync.Flush(directory);
        CarryOut(journal);
    }

    /// <summary>Completes an interrupted swap if there is a journal, and deletes staging directories that are left.</summary>
    /// <exception cref="InvalidDataException">The journal was not written by a restore.</exception>
    public void Complete()
    {
        if (File.Exists(JournalPath))
        {
            CarryOut(ReadJournal());
        }

        foreach (var left in Directory.EnumerateDirectories(directory, StagingPrefix + "*"))
        {
            Do($"delete {left}", () => Directory.Delete(left, recursive: true));
        }
    }

    private void CarryOut(Journal journal)
    {
        var staging = Path.Combine(directory, journal.Staging);
        var aside = Path.Combine(directory, journal.Aside);
        foreach (var name in journal.Leaving)
        {
            // If the new file has left the staging directory already, the file with this name is the new one.
            if (!journal.Arriving.Contains(name) || File.Exists(Path.Combine(staging, name)))
            {
                Move(name, directory, aside);
            }
        }

        Flush(aside, directory);
        foreach (var name in journal.Arriving)
        {
            Move(name, staging, directory);
        }

        Flush(staging, directory);
        Do("delete the journal", () => File.Delete(JournalPath));
        DirectorySync.Flush(directory);
        if (Directory.Exists(staging))
        {
            Do("delete the empty directory", () => Directory.Delete(staging, recursive: true));
        }
    }

    private void Move(string name, string from, string to)
    {
        var source = Path.Combine(from, name);
        if (!IsThere(source))
        {
            return;
        }

        Do($"move {name} to {to}", () =>
        {
            Directory.CreateDirectory(to);
            if (Directory.Exists(source))
            {
                Directory.Move(source, Path.Combine(to, name));
            }
            else
            {
                File.Move(source, Path.Combine(to, name));
            }
        });
    }

    // A directory in the place of a file is moved aside too.
    private static bool IsThere(string path) => File.Exists(path) || Directory.Exists(path);

    private static void Flush(params string[] directories)
    {
        foreach (var one in directories.Where(Directory.Exists))
        {
            DirectorySync.Flush(one);
        }
    }

    private void Do(string step, Action action)
    {
        beforeStep?.Invoke(step);
        action();
    }

    private Journal ReadJournal()
    {
        try
        {
            using var stream = File.OpenRead(JournalPath);
            var journal = JsonSerializer.Deserialize<Journal>(stream, JsonSerializerOptions.Web);
            if (journal is { Staging: not null, Aside: not null, Arriving: not null, Leaving: not null }
                && journal.Staging.StartsWith(StagingPrefix, StringComparison.Ordinal)
                && journal.Arriving.Concat(journal.Leaving).Append(journal.Staging).Append(journal.Aside).All(IsPlainName))
            {
                return journal;
            }
        }
        catch (JsonException)
        {
            // The exception below reports it.
        }

        throw new InvalidDataException($"{JournalPath} is not what a restore writes");
    }

    private static bool IsPlainName(string? name) => name is { Length: > 0 } and not "." and not ".." && Path.GetFileName(name) == name;

    private sealed record Journal(string Staging, string Aside, IReadOnlyList<string> Arriving, IReadOnlyList<string> Leaving);
}

using System.Text.Json;

namespace AllInOne.Core.Storage;

/// <summary>
/// Puts a set of files in the place of those in a directory, so that a death at any moment leaves one whole set: the old one until
/// the journal is there, the new one from then on, because the next holder of the directory completes the steps of the journal.
/// Renames alone, within one file system; each may be done again. The old files end up in a directory of their own.
/// The caller holds the directory's claim.
/// </summary>
/// <param name="directory">Where the files belong.</param>
/// <param name="beforeStep">Called before each step with what it is: for tests, to die there.</param>
internal sealed class FileSwap(string directory, Action<string>? beforeStep = null)
{
    public const string JournalName = "restore.json";

    private const string StagingPrefix = "restoring-";

    private string JournalPath => Path.Combine(directory, JournalName);

    /// <summary>Makes an empty directory for the new files. Without a journal the next <see cref="Complete"/> takes it away.</summary>
    public string Stage()
    {
        var staging = Path.Combine(directory, StagingPrefix + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(staging);
        return staging;
    }

    /// <summary>Swaps. The files in <paramref name="staging"/> are on the disk already.</summary>
    /// <param name="staging">From <see cref="Stage"/>.</param>
    /// <param name="arriving">Names of the files in it.</param>
    /// <param name="leaving">Names of files that give way, as far as they exist.</param>
    /// <param name="aside">Name of the directory that they go to; it must be new.</param>
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

    /// <summary>Completes a swap that was begun, if there is one, and takes away what is left of one that was not.</summary>
    /// <exception cref="InvalidDataException">The journal is none of ours.</exception>
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
            // Once its successor has left the staging directory, what bears the name is the successor.
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
            // Said below.
        }

        throw new InvalidDataException($"{JournalPath} is not what a restore writes");
    }

    private static bool IsPlainName(string? name) => name is { Length: > 0 } and not "." and not ".." && Path.GetFileName(name) == name;

    private sealed record Journal(string Staging, string Aside, IReadOnlyList<string> Arriving, IReadOnlyList<string> Leaving);
}

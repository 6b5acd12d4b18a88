using System.Globalization;

namespace AllInOne.Core.Storage;

/// <summary>
/// The data directory, claimed by this process: only one server at a time uses it. The claim is a lock on a file in the directory. The operating
/// system releases the lock when the process dies, whatever the cause. If a restore was interrupted, the claim completes it, so that the process
/// finds one complete set of files. The file allinone.pid has the process id of the server. The claim also takes the rights of other users from the
/// server's files (<see cref="OwnerOnly"/>).
/// </summary>
public sealed class DataDirectory : IDisposable
{
    private const string LockName = "allinone.lock";
    private const string ProcessIdName = "allinone.pid";
    private const string LogsName = "logs";

    private readonly FileStream _lock;

    /// <summary>
    /// The files that this version or an earlier one creates in the data directory. No other program uses these names, because the directory may be
    /// shared. The archives of backups are not in this list: BackupShelf handles them.
    /// </summary>
    private static readonly string[] Own =
    [
        LockName, ProcessIdName, "server.json", FileSwap.JournalName, "before-restore-*",
        "allinone.db*", "history.db*", "state.db*", "documents.db*", LogsName + "/allinone-*.jsonl",
    ];

    /// <summary>Directories of the operating system that many programs share.</summary>
    private static readonly string[] WellKnown =
    [
        "/etc", "/home", "/media", "/mnt", "/opt", "/root", "/run", "/srv", "/usr", "/usr/local", "/Users", "/var", "/var/backups", "/var/cache",
        "/var/lib", "/var/log", "/var/opt", "/var/spool",
    ];

    /// <summary>The directories that contain the home directories of all users.</summary>
    private static readonly string[] Homes = ["/home", "/Users"];

    private DataDirectory(string path, FileStream held)
    {
        Path = path;
        _lock = held;
        Exposed = [.. Tighten(path)];
    }

    public string Path { get; }

    /// <summary>Paths that other users of the machine may still read, one line for each.</summary>
    public IReadOnlyList<string> Exposed { get; }

    /// <summary>Creates the directory if it does not exist, and claims it.</summary>
    /// <exception cref="DataDirectoryException">The directory cannot be created or written, or another server uses it.</exception>
    public static DataDirectory Claim(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            path = System.IO.Path.GetFullPath(path);
            OwnerOnly.CreateDirectory(path);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new DataDirectoryException(path, $"The data directory '{path}' cannot be created: {OneLine(broken)}", broken);
        }

        var lockPath = System.IO.Path.Combine(path, LockName);
        FileStream? held = null;
        try
        {
            held = new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            // Complete an interrupted restore before any file is opened.
            new FileSwap(path).Complete();
            LeaveProcessId(path);
            return new DataDirectory(path, held);
        }
        catch (IOException busy) when (held is null && IsHeld(busy))
        {
            throw new DataDirectoryException(path, $"The data directory '{path}' is in use by another server{HolderOf(path)}", busy) { IsInUse = true };
        }
        catch (Exception broken) when (held is not null && broken is (IOException or UnauthorizedAccessException or InvalidDataException))
        {
            held!.Dispose();
            throw new DataDirectoryException(path, $"The restore that was begun in '{path}' cannot be completed: {OneLine(broken)}", broken);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            throw new DataDirectoryException(path, $"The data directory '{path}' cannot be written: {OneLine(broken)}", broken);
        }
    }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        Quietly(() => System.IO.File.Delete(File(ProcessIdName)));
        _lock.Dispose();
    }

    private static IEnumerable<string> Tighten(string path)
    {
        var own = Own.SelectMany(
            name => OwnerOnly.TightenIn(System.IO.Path.Combine(path, System.IO.Path.GetDirectoryName(name)!), System.IO.Path.GetFileName(name)));
        return own.Concat(TightenUnlessShared(System.IO.Path.Combine(path, LogsName))).Concat(TightenUnlessShared(path));
    }

    /// <summary>
    /// Removes the rights of other users from a directory, but not from its contents, unless the directory is shared. Returns one line if this
    /// failed.
    /// </summary>
    internal static IReadOnlyList<string> TightenUnlessShared(string directory) =>
        OwnerOnly.Report(directory, () => IsShared(directory) ? [] : OwnerOnly.TightenAlone(directory));

    /// <summary>
    /// Whether the directory has another purpose too. Then only the server's files in it are restricted. The path is resolved first, so symbolic links
    /// do not matter. A sticky directory belongs to many users, such as <c>/tmp</c>. A directory directly below <c>/home</c> is the home of a user.
    /// </summary>
    internal static bool IsShared(string path)
    {
        path = WithoutLinks(path);
        string[] others =
        [
            .. WellKnown, Environment.CurrentDirectory, System.IO.Path.GetTempPath(), AppContext.BaseDirectory,
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
        ];
        var parent = System.IO.Path.GetDirectoryName(path);
        return parent is null
            || Homes.Any(homes => WithoutLinks(homes) == parent)
            || others.Any(other => other.Length > 0 && WithoutLinks(other) == path)
            || (!OperatingSystem.IsWindows() && System.IO.File.GetUnixFileMode(path).HasFlag(UnixFileMode.StickyBit));
    }

    /// <summary>The same directory, without symbolic links anywhere in the path.</summary>
    private static string WithoutLinks(string path)
    {
        path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        if (System.IO.Path.GetDirectoryName(path) is not { } parent)
        {
            return path;
        }

        var directory = new DirectoryInfo(System.IO.Path.Combine(WithoutLinks(parent), System.IO.Path.GetFileName(path)));
        return directory.LinkTarget is null ? directory.FullName : WithoutLinks(directory.ResolveLinkTarget(returnFinalTarget: true)!.FullName);
    }

    private static void LeaveProcessId(string path) => Quietly(() => System.IO.File.WriteAllText(
        System.IO.Path.Combine(path, ProcessIdName), string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n")));

    // On a full disk, or in a deleted directory, the lock works without the process id.
    private static void Quietly(Action action)
    {
        try
        {
            action();
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>" (process 1234)", or an empty text if the other server has not written its process id.</summary>
    private static string HolderOf(string path)
    {
        try
        {
            return int.TryParse(System.IO.File.ReadAllText(System.IO.Path.Combine(path, ProcessIdName)), CultureInfo.InvariantCulture, out var process)
                ? $" (process {process})"
                : "";
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    // EAGAIN on Linux, EWOULDBLOCK on macOS, a sharing violation on Windows.
    private static bool IsHeld(IOException failure) => failure.HResult is 11 or 35 or unchecked((int)0x80070020);

    private static string OneLine(Exception failure) => failure.Message.ReplaceLineEndings(" ");
}

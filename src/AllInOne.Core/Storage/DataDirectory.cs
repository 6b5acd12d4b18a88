namespace AllInOne.Core.Storage;

/// <summary>
/// The directory where everything is kept, claimed by this process: one server at a time. The claim is a lock on a file in it,
/// which the operating system drops when the process dies, however it dies. A restore that died on its way is completed by the
/// claim, so that whoever has it finds one whole set of files.
/// </summary>
public sealed class DataDirectory : IDisposable
{
    private const string LockName = "allinone.lock";

    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    public string Path { get; }

    /// <summary>Creates the directory if need be and claims it.</summary>
    /// <exception cref="DataDirectoryException">It cannot be created or written, or another server uses it.</exception>
    public static DataDirectory Claim(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            path = System.IO.Path.GetFullPath(path);
            Directory.CreateDirectory(path);
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
            // What a restore had begun when it died, before anybody opens a file.
            new FileSwap(path).Complete();
            return new DataDirectory(path, held);
        }
        catch (IOException busy) when (held is null && IsHeld(busy))
        {
            throw new DataDirectoryException(path, $"The data directory '{path}' is in use by another server", busy) { IsInUse = true };
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

    public void Dispose() => _lock.Dispose();

    // EAGAIN on Linux, EWOULDBLOCK on macOS, a sharing violation on Windows.
    private static bool IsHeld(IOException failure) => failure.HResult is 11 or 35 or unchecked((int)0x80070020);

    private static string OneLine(Exception failure) => failure.Message.ReplaceLineEndings(" ");
}

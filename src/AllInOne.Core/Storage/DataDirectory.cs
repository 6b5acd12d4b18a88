namespace AllInOne.Core.Storage;

/// <summary>
/// The directory where everything is kept, claimed by this process: one server at a time. The claim is a lock on a file in it,
/// which the operating system drops when the process dies, however it dies.
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
        try
        {
            return new DataDirectory(path, new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException busy) when (IsHeld(busy))
        {
            throw new DataDirectoryException(path, $"The data directory '{path}' is in use by another server", busy);
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

namespace AllInOne.Server.Hosting;

/// <summary>
/// The directory that everything is kept in, held by this process alone: two servers on one would each think its files their
/// own. The lock is the operating system's, so it ends with the process however that ends.
/// </summary>
internal sealed class DataDirectory : IDisposable
{
    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream held) => (Path, _lock) = (path, held);

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <summary>Makes the directory if it is missing. Throws <see cref="StartFailedException"/> when it cannot be used.</summary>
    public static DataDirectory Open(string path)
    {
        var full = path;
        try
        {
            full = System.IO.Path.GetFullPath(path);
            Directory.CreateDirectory(full);
            return new DataDirectory(full, Hold(full));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new StartFailedException($"Data:Directory: {full} cannot be used: {e.Message}", e);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream Hold(string directory)
    {
        var file = System.IO.Path.Combine(directory, "allinone.lock");
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists(file))
        {
            throw new StartFailedException($"Data:Directory: {directory} is in use by another server", e);
        }
    }
}

namespace AllInOne.Core.Storage;

/// <summary>
/// The exception for a data directory or a database file that cannot be used. The message is one line for a person and names the file or directory.
/// </summary>
public class StorageException : Exception
{
    public StorageException(string path, string message, Exception? inner = null)
        : base(message, inner) => Path = path;

    /// <summary>The file or directory that cannot be used.</summary>
    public string Path { get; }
}

/// <summary>The data directory cannot be created or written, or another server holds it.</summary>
public sealed class DataDirectoryException(string path, string message, Exception? inner = null)
    : StorageException(path, message, inner)
{
    /// <summary>Whether the reason is that another process uses the directory.</summary>
    public bool IsInUse { get; init; }
}

/// <summary>The file was written by a newer version of this program; it is left untouched.</summary>
public sealed class NewerSchemaException(string path, long found, long known)
    : StorageException(path, $"{path} has schema version {found}, this program knows up to {known}: start the newer version, or restore a backup")
{
    public long Found { get; } = found;

    public long Known { get; } = known;
}

/// <summary>A file that was in use does not exist any more. Its open connection still reaches the data, which may be saved.</summary>
public sealed class FileGoneException(string path, string message) : StorageException(path, message)
{
    public FileGoneException(string path)
        : this(path, $"{path} is gone")
    {
    }
}

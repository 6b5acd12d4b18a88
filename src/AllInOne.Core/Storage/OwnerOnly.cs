using System.Runtime.InteropServices;

namespace AllInOne.Core.Storage;

/// <summary>
/// Keeps what the server stores from other users of the machine: directories with mode 0700, files with 0600. The files hold what the API masks,
/// such as the secrets of jobs. Does nothing on Windows, where files inherit the rights of their directory.
/// </summary>
public static partial class OwnerOnly
{
    private const UnixFileMode DirectoryMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>
    /// Restricts every file and directory that this process creates from now on to the user of the process (umask 0077). Its child processes inherit
    /// this.
    /// </summary>
    public static void ForNewFiles()
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = SetMask((uint)Others);
        }
    }

    /// <summary>Creates the directory if it does not exist. An existing directory is left as it is.</summary>
    public static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, DirectoryMode);
        }
    }

    /// <summary>Takes the rights of others from a file or a directory, and from everything below a directory. Links are not followed.</summary>
    /// <returns>One line for each path whose rights could not be changed.</returns>
    public static IReadOnlyList<string> Tighten(string path) => new FileInfo(path).LinkTarget is not null
        ? []
        : Report(path, () =>
        {
            Restrict(path);
            return Directory.Exists(path) ? Directory.EnumerateFileSystemEntries(path).SelectMany(Tighten) : [];
        });

    /// <summary>The same for the entries of a directory whose name matches the pattern, but not for the directory itself.</summary>
    /// <param name="pattern">A pattern of names, where <c>*</c> matches any text.</param>
    public static IReadOnlyList<string> TightenIn(string directory, string pattern) => Report(
        directory, () => Directory.Exists(directory) ? Directory.EnumerateFileSystemEntries(directory, pattern).SelectMany(Tighten) : []);

    /// <summary>The same for the directory itself, but not for its contents.</summary>
    public static IReadOnlyList<string> TightenAlone(string directory) => Report(directory, () =>
    {
        Restrict(directory);
        return [];
    });

    /// <summary>
    /// Returns one report line for a path whose rights cannot be read or changed. The other paths are still processed, and the server still starts.
    /// </summary>
    internal static IReadOnlyList<string> Report(string path, Func<IEnumerable<string>> tighten)
    {
        try
        {
            return OperatingSystem.IsWindows() ? [] : [.. tighten()];
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return [Exposed(path, refused)];
        }
    }

    // The rights of the owner stay, so a script stays executable.
    private static void Restrict(string path)
    {
        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(path) is var mode && (mode & Others) != 0)
        {
            File.SetUnixFileMode(path, mode & ~Others);
        }
    }

    private static string Exposed(string path, Exception refused) =>
        $"Other users of this machine may read {path}: its rights cannot be read or changed ({refused.Message.ReplaceLineEndings(" ")})";

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint SetMask(uint mask);
}

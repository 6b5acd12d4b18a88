using System.Diagnostics;

namespace AllInOne.TestKit;

/// <summary>A separate file system in memory, of a few megabytes. It can really be full or read-only. It needs the superuser.</summary>
public sealed class SmallDisk : IDisposable
{
    private readonly TemporaryDirectory _at = new();

    /// <param name="size">In the form of mount: <c>4m</c>.</param>
    public SmallDisk(string size)
    {
        if (!TryRun("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", Path))
        {
            _at.Dispose();
            throw new InvalidOperationException("tmpfs cannot be mounted");
        }
    }

    /// <summary>The reason why tests with such a disk cannot run here; null if they can.</summary>
    public static string? Missing { get; } = Probe();

    public string Path => _at.Path;

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    /// <summary>Uses all free space.</summary>
    public void Fill()
    {
        // First in large steps, then to the last page.
        foreach (var size in (int[])[1024 * 1024, 4096])
        {
            Pour(new byte[size]);
        }
    }

    /// <summary>Frees the space that <see cref="Fill"/> has used.</summary>
    public void Free() => File.Delete(Ballast);

    /// <summary>Makes a file so that not even the superuser can open it for writing, or undoes this.</summary>
    public static bool TrySetReadOnly(string file, bool on) => TryRun("chattr", on ? "+i" : "-i", file);

    public void Dispose()
    {
        // Lazily, because a file that is still open must not block the unmount.
        Run("umount", "-l", Path);
        _at.Dispose();
    }

    private void Pour(byte[] piece)
    {
        using var ballast = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
            {
                ballast.Write(piece);
            }
        }
        catch (IOException)
        {
            // The disk is full.
        }
    }

    private static string? Probe()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "needs Linux to mount a small disk";
        }

        try
        {
            using var disk = new SmallDisk("1m");
            return null;
        }
        catch (Exception failure) when (failure is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return "needs the right to mount a small disk";
        }
    }

    private static void Run(string command, params string[] arguments)
    {
        if (!TryRun(command, arguments))
        {
            throw new InvalidOperationException($"{command} {string.Join(' ', arguments)} failed");
        }
    }

    private static bool TryRun(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}

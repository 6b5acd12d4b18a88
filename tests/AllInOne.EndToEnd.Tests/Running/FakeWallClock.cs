namespace AllInOne.EndToEnd.Tests.Running;

/// <summary>The wall clock of a process, set by Debian's faketime. The monotonic clock is not changed.</summary>
public sealed class FakeWallClock
{
    private readonly string _file;

    /// <param name="file">The file from which faketime reads the shift.</param>
    public FakeWallClock(string file)
    {
        _file = file;
        Set(TimeSpan.Zero);
    }

    /// <summary>The environment of a process that runs by this clock.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["LD_PRELOAD"] = Library(),
        ["FAKETIME_TIMESTAMP_FILE"] = _file,
        ["FAKETIME_CACHE_DURATION"] = "1",
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        ["DONT_FAKE_MONOTONIC"] = "1",
    };

    /// <summary>Sets the difference from the true time. A process sees it within a second.</summary>
    public void Set(TimeSpan shift)
    {
        // In one step, because a file that is read while it is written would have another time.
        File.WriteAllText(_file + ".new", FormattableString.Invariant($"{shift.TotalSeconds:+0;-0;+0}"));
        File.Move(_file + ".new", _file, overwrite: true);
    }

    private static string Library() => Directory.EnumerateFiles("/usr/lib", "libfaketimeMT.so.1", SearchOption.AllDirectories).First();
}

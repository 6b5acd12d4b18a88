namespace AllInOne.TestKit;

/// <summary>A directory of one test. Its disposal deletes it with all its content.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    /// <summary>The directory's full path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("allinone-test-").FullName;

    /// <summary>The full path of a file or directory in it. The file does not need to exist.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Copies the current files of another directory into a new directory in it; returns the full path.</summary>
    public string CopyOf(string directory, string pattern)
    {
        var copy = this[$"copy-{Guid.NewGuid():N}"];
        Directory.CreateDirectory(copy);
        foreach (var file in Directory.GetFiles(directory, pattern))
        {
            File.Copy(file, System.IO.Path.Combine(copy, System.IO.Path.GetFileName(file)));
        }

        return copy;
    }

    public override string ToString() => Path;

    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}

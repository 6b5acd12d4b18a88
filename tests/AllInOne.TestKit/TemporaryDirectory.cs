namespace AllInOne.TestKit;

/// <summary>A directory of one test's own; gone with all that is in it when disposed.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    /// <summary>The directory's full path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("allinone-test-").FullName;

    /// <summary>The full path of a file or directory in it, which need not exist.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>A new directory in it with the files of another one as they are at this moment; its full path.</summary>
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

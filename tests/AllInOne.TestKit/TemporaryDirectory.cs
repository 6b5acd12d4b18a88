namespace AllInOne.TestKit;

/// <summary>A directory of one test's own; gone with all that is in it when disposed.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    /// <summary>The directory's full path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("allinone-test-").FullName;

    /// <summary>The full path of a file or directory in it, which need not exist.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    public override string ToString() => Path;

    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}

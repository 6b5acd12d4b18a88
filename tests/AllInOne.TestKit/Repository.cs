namespace AllInOne.TestKit;

/// <summary>The files of the repository of the running test.</summary>
public static class Repository
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = Above(AppContext.BaseDirectory);

    /// <summary>A file or a folder by its path from the root.</summary>
    public static string At(params ReadOnlySpan<string> path) => Path.Combine([Root, .. path]);

    private static string Above(string folder) =>
        File.Exists(Path.Combine(folder, "AllInOne.sln")) ? folder : Above(Path.GetDirectoryName(folder)!);
}

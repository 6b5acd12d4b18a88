using System.Collections.Frozen;
using System.Reflection;

namespace AllInOne.Server.Http.Site;

/// <summary>
/// The files of the dashboard, which are embedded in the executable as <c>wwwroot/…</c> and read once. In Development, the files of a folder come
/// first, so that the browser shows an edit on reload. Files that the folder does not have (the vendor modules) come from the executable.
/// </summary>
internal sealed class SiteFiles
{
    private const string Prefix = "wwwroot/";
    private const string Index = "index.html";
    private readonly FrozenDictionary<string, SiteFile> _embedded;
    private readonly string? _folder;

    /// <param name="folder">Full path of a folder to prefer, or null.</param>
    public SiteFiles(string? folder = null)
    {
        _folder = folder;
        _embedded = ReadEmbedded(typeof(SiteFiles).Assembly).ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>
    /// Finds the file of a request path. If there is no such file and a browser navigates, it returns the page, whose router handles the path. A
    /// program gets null, so that it gets 404.
    /// </summary>
    /// <param name="path">The decoded path, with a slash at its start.</param>
    /// <param name="navigates">Whether a browser navigates to a page.</param>
    public SiteFile? Find(string path, bool navigates)
    {
        var name = path is "/" ? Index : path[1..];
        return Read(name) ?? (navigates ? Read(Index) : null);
    }

    /// <summary>
    /// The source folder of a build within the source tree: <c>wwwroot</c> in a parent of the executable's directory; null otherwise.
    /// </summary>
    public static string? SourceFolder(string from)
    {
        for (var at = new DirectoryInfo(from); at is not null; at = at.Parent)
        {
            var candidate = Path.Combine(at.FullName, "wwwroot");
            if (File.Exists(Path.Combine(candidate, Index)))
            {
                return candidate;
            }
        }

        return null;
    }

    private SiteFile? Read(string name) => FromFolder(name) ?? _embedded.GetValueOrDefault(name);

    private SiteFile? FromFolder(string name)
    {
        if (_folder is null)
        {
            return null;
        }

        var full = Path.GetFullPath(Path.Combine(_folder, name));
        return full.StartsWith(_folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) && File.Exists(full)
            ? SiteFile.From(name, File.ReadAllBytes(full))
            : null;
    }

    private static IEnumerable<KeyValuePair<string, SiteFile>> ReadEmbedded(Assembly assembly)
    {
        foreach (var resource in assembly.GetManifestResourceNames())
        {
            // On Windows the build writes the folders of a resource's name with backslashes.
            var name = resource.Replace('\\', '/');
            if (!name.StartsWith(Prefix, StringComparison.Ordinal))
            {
                continue;
            }

            using var stream = assembly.GetManifestResourceStream(resource)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            yield return KeyValuePair.Create(name[Prefix.Length..], SiteFile.From(name, content));
        }
    }
}

using System.Collections.Frozen;
using System.Reflection;

namespace AllInOne.Server.Http.Site;

/// <summary>
/// The dashboard's files: embedded in the executable as <c>wwwroot/…</c>, read once. In Development a folder is looked at
/// first, so that an edit shows on reload; what it does not have (the vendor modules) still comes from the executable.
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
    /// The file that a request path names. To a browser that asks for a page, every other path is the one page whose router knows
    /// what it means; a program that asks for what is not there must hear so.
    /// </summary>
    /// <param name="path">Decoded, beginning with a slash.</param>
    /// <param name="navigates">Whether a browser asks for a page.</param>
    public SiteFile? Find(string path, bool navigates)
    {
        var name = path is "/" ? Index : path[1..];
        return Read(name) ?? (navigates ? Read(Index) : null);
    }

    /// <summary>The source folder that a build in its tree came from: <c>wwwroot</c> in a parent of the executable's.</summary>
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

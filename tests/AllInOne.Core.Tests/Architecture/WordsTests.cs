using System.Text.RegularExpressions;

namespace AllInOne.Core.Tests.Architecture;

/// <summary>
/// Comments, log messages and documentation use plain words: the worst phrases are refused, and the glossary names types that exist.
/// </summary>
public sealed partial class WordsTests
{
    [Fact]
    public void No_text_has_a_refused_phrase()
    {
        var lines = Files().SelectMany(file => Prose(file).Where(line => Refused().IsMatch(line)).Select(line => $"{file}: {Refused().Match(line).Value}: {line.Trim()}"));

        Assert.Equal([], lines);
    }

    [Fact]
    public void The_glossary_names_types_that_exist()
    {
        var types = Files().Where(file => file.EndsWith(".cs", StringComparison.Ordinal)).SelectMany(file => TypeName().Matches(Text(file)))
            .Select(type => type.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        var rows = File.ReadLines(Repository.At("docs", "words.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(2).ToList();

        Assert.True(rows.Count >= 30);
        Assert.Equal([], rows.SelectMany(row => Quoted().Matches(row.Split('|')[3])).Select(name => name.Groups[1].Value).Except(types));
    }

    [Theory]
    [InlineData("/// <summary>Who is told of the commit.</summary>", true)]
    [InlineData("// Nobody waits.", true)]
    [InlineData("Message = \"Whoever reads this\"", true)]
    [InlineData("child.IsNobody()", false)]
    [InlineData("// The log is notified.", false)]
    public void A_phrase_is_refused_as_words(string text, bool refused) => Assert.Equal(refused, Refused().IsMatch(text));

    /// <summary>The sources and the documentation, by their path from the root.</summary>
    private static IEnumerable<string> Files()
    {
        var sources = Directory.EnumerateFiles(Repository.At("src"), "*.cs", SearchOption.AllDirectories).Select(Relative)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));
        return Directory.EnumerateFiles(Repository.At("docs"), "*.md", SearchOption.AllDirectories).Select(Relative)
            .Concat(sources).Append("README.md").Order(StringComparer.Ordinal);
    }

    /// <summary>The checked text of a file: all lines of a page, or the comments and log messages of a source.</summary>
    private static IEnumerable<string> Prose(string file) => file.EndsWith(".md", StringComparison.Ordinal)
        ? Text(file).Split('\n')
        : Text(file).Split('\n').Where(line => line.Contains("Message = \"", StringComparison.Ordinal)).Concat(Comment().Matches(Text(file)).Select(comment => comment.Value));

    private static string Text(string file) => File.ReadAllText(Repository.At(file));

    private static string Relative(string path) => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/');

    [GeneratedRegex(@"\b(is|are|was|were|be|been) told\b|\b(whoever|nobody|somebody|goes on|go on|what is there|those that|those who|the latter)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Refused();

    // A comment, and not the two slashes of a URL in a string.
    [GeneratedRegex("""(?<![:"])//.*""")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\b(?:class|record struct|record|struct|enum|interface) (\w+)")]
    private static partial Regex TypeName();

    [GeneratedRegex("`(\\w+)`")]
    private static partial Regex Quoted();
}

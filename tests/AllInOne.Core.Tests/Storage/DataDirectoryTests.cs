using AllInOne.Core.Storage;

namespace AllInOne.Core.Tests.Storage;

public sealed class DataDirectoryTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("allinone-data-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Directory_is_created_with_its_parents()
    {
        using var data = DataDirectory.Claim(Path.Combine(_root, "a", "b"));

        Assert.True(Directory.Exists(Path.Combine(_root, "a", "b")));
        Assert.Equal(Path.Combine(_root, "a", "b", "x.db"), data.File("x.db"));
    }

    [Fact]
    public void Second_server_is_refused_while_the_first_lives()
    {
        using (DataDirectory.Claim(_root))
        {
            var refusal = Assert.Throws<DataDirectoryException>(() => DataDirectory.Claim(_root));
            Assert.Equal($"The data directory '{_root}' is in use by another server", refusal.Message);
        }

        DataDirectory.Claim(_root).Dispose();
    }

    [Fact]
    public void File_in_place_of_the_directory_is_refused_in_one_line()
    {
        var path = Path.Combine(_root, "file");
        File.WriteAllText(path, "");

        var refusal = Assert.Throws<DataDirectoryException>(() => DataDirectory.Claim(path));

        Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public void Directory_that_cannot_be_written_is_refused_in_one_line()
    {
        // Where nobody can create a file, the superuser included.
        var refusal = Assert.Throws<DataDirectoryException>(() => DataDirectory.Claim("/proc"));

        Assert.StartsWith("The data directory '/proc' cannot be written: ", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }
}

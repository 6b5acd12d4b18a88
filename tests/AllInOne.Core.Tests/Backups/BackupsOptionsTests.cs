using AllInOne.Core.Backups;

namespace AllInOne.Core.Tests.Backups;

public class BackupsOptionsTests
{
    [Fact]
    public void Defaults_are_right() => Assert.Empty(new BackupsOptions().Validate());

    [Fact]
    public void Every_wrong_value_is_one_line_that_names_its_key()
    {
        var wrong = new BackupsOptions { Directory = "", Keep = 0, StandStillTimeout = TimeSpan.Zero };

        Assert.Collection(
            wrong.Validate(),
            line => Assert.StartsWith("Backup:Directory", line, StringComparison.Ordinal),
            line => Assert.StartsWith("Backup:Keep", line, StringComparison.Ordinal),
            line => Assert.StartsWith("Backup:StandStillTimeout", line, StringComparison.Ordinal));
    }
}

using AllInOne.Server.Cli;

namespace AllInOne.Server.Tests.Cli;

public class CommandLineTests
{
    [Theory]
    [InlineData("frobnicate", "there is no command frobnicate")]
    [InlineData("--frobnicate", "there is no option --frobnicate")]
    [InlineData("serve --supervise", "there is no option --supervise")]
    [InlineData("config frobnicate", "there is no command frobnicate")]
    [InlineData("--demo --data", "--data needs a value")]
    public async Task A_wrong_command_line_is_one_line_and_exit_code_2(string line, string expected)
    {
        var (code, output, error) = await RunAsync(line.Split(' '));

        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.StartsWith("AllInOne: " + expected, error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
    }

    [Fact]
    public async Task Help_names_every_command_and_option()
    {
        var (code, output, error) = await RunAsync("--help");

        Assert.Equal(0, code);
        Assert.Empty(error);
        foreach (var word in (string[])["serve", "config", "--data", "--urls", "--demo", "--Section:Key", "--version"])
        {
            Assert.Contains(word, output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Config_check_says_that_the_configuration_is_right()
    {
        var (code, output, error) = await RunAsync("config", "check", "--data", "/somewhere", "--urls=http://127.0.0.1:1234");

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("http://127.0.0.1:1234", output, StringComparison.Ordinal);
        Assert.Contains("/somewhere", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists("/somewhere"));
    }

    [Theory]
    [InlineData("config check")]
    [InlineData("serve")]
    [InlineData("")]
    public async Task A_wrong_configuration_refuses_with_a_line_for_each_problem(string command)
    {
        var (code, output, error) = await RunAsync(
            [.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--Http:MaxBodyBytes=x", "--Htpp:A=1"]);

        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Collection(
            error.Trim().Split('\n'),
            line => Assert.StartsWith("AllInOne: Htpp:A (command line)", line, StringComparison.Ordinal),
            line => Assert.StartsWith("AllInOne: Http:MaxBodyBytes (command line)", line, StringComparison.Ordinal));
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(args, output, error);
        return (code, output.ToString(), error.ToString());
    }
}

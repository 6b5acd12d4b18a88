using AllInOne.Core.Values;

namespace AllInOne.Server.Hosting;

/// <summary>The two output streams of a command: one for results, one for errors.</summary>
internal sealed record Terminal(TextWriter Output, TextWriter Error)
{
    /// <summary>Writes each problem as one line and returns the exit code of a refused start.</summary>
    public async Task<int> RefuseAsync(IEnumerable<string> problems)
    {
        foreach (var problem in problems)
        {
            await WarnAsync(problem);
        }

        return ExitCodes.WrongStart;
    }

    /// <summary>Writes one line to the error stream. The line may contain text of files and arguments, so it is cut.</summary>
    public Task WarnAsync(string message) => Error.WriteLineAsync($"AllInOne: {Excerpt.Of(message.ReplaceLineEndings(" "), Excerpt.Message)}");
}

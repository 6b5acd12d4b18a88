using AllInOne.Core.Values;

namespace AllInOne.Server.Hosting;

/// <summary>Where a command writes to: results to one stream, refusals to the other.</summary>
internal sealed record Terminal(TextWriter Output, TextWriter Error)
{
    /// <summary>Writes each problem as one line and answers the exit code for a start that must not happen.</summary>
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

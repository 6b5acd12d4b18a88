using System.CommandLine;
using System.CommandLine.Help;
using AllInOne.Core.Values;
using AllInOne.Server.Configuration.Keys;
using AllInOne.Server.Hosting;

namespace AllInOne.Server.Cli;

/// <summary>
/// The command line: its commands, the options of all of them, and the answer to a wrong one (one line on the error stream and exit code 2). Each
/// command is a file beside this one.
/// </summary>
internal static class CommandLine
{
    /// <summary>The maximum length of a message. It leaves space for the rest of the line.</summary>
    private const int MessageLength = 400;

    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        var keys = ConfigurationArguments.Extract(args);
        var terminal = new Terminal(output, error);
        var parsed = Commands(keys.Pairs, terminal).Parse(keys.Rest);
        if (Wrong(parsed, keys) is { } wrong)
        {
            return await terminal.RefuseAsync([$"{wrong} (--help lists what there is)"]);
        }

        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            // The running server handles the signals itself.
            ProcessTerminationTimeout = null,
        });
    }

    private static RootCommand Commands(IReadOnlyList<KeyValuePair<string, string>> keys, Terminal terminal)
    {
        var root = new RootCommand("A whole server in one process: HTTP, live data, feeds and storage under one supervision tree.");
        var serve = ServeCommand.Create(keys, terminal);
        root.Options.Add(ServeCommand.Demo);
        root.Options.Add(ServeCommand.Data);
        root.Options.Add(ServeCommand.Urls);
        root.Options.Add(ServeCommand.AnyKey);
        root.Action = serve.Action;
        root.Subcommands.Add(serve);
        root.Subcommands.Add(SimulateCommand.Create(terminal));
        root.Subcommands.Add(BackupCommand.Create(keys, terminal));
        root.Subcommands.Add(CrontabCommand.Create(keys, terminal));
        root.Subcommands.Add(ConfigCommand.Create(keys, terminal));
        return root;
    }

    private static string? Wrong(ParseResult parsed, ConfigurationArguments keys)
    {
        if (keys.Problems.Count > 0)
        {
            return keys.Problems[0];
        }

        if (parsed.Errors.Count == 0 || parsed.Action is HelpAction)
        {
            return null;
        }

        return parsed.UnmatchedTokens switch
        {
            [] => Excerpt.Of(parsed.Errors[0].Message.TrimEnd('.'), MessageLength),
            [['-', ..] option, ..] => $"there is no option {Excerpt.Of(option)}",
            [var command, ..] => $"there is no command {Excerpt.Of(command)}",
        };
    }
}

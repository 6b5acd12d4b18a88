using System.CommandLine;
using AllInOne.Server.Configuration;
using AllInOne.Server.Configuration.Keys;
using AllInOne.Server.Hosting;

namespace AllInOne.Server.Cli;

/// <summary>The command <c>serve</c>, and the default without a command: runs the server until a signal stops it.</summary>
internal static class ServeCommand
{
    public static Option<bool> Demo { get; } = new("--demo") { Description = "Also run the demo home, as a child process." };

    // ConfigurationArguments removes the next three from the command line before it is parsed. Here they are only for --help.
    public static Option<string> Data { get; } =
        new("--data") { HelpName = "DIR", Description = "Directory of all data (Data:Directory)." };

    public static Option<string> Urls { get; } =
        new("--urls") { HelpName = "LIST", Description = $"Addresses to listen on, separated by semicolons. [default: {ListenUrls.Default}]" };

    public static Option<string> AnyKey { get; } =
        new("--Section:Key") { HelpName = "value", Description = "Any configuration key; the last one given wins." };

    public static Command Create(IReadOnlyList<KeyValuePair<string, string>> keys, Terminal terminal)
    {
        var command = new Command("serve", "Run the server (the default).") { Demo, Data, Urls, AnyKey };
        command.SetAction((parsed, cancellation) => RunAsync(keys, parsed.GetValue(Demo), terminal, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        IReadOnlyList<KeyValuePair<string, string>> keys, bool demo, Terminal terminal, CancellationToken cancellation)
    {
        var settings = ServerSettings.Load(AppContext.BaseDirectory, ConfigurationSources.ProcessEnvironment(), keys);
        return settings.Problems.Count > 0
            ? await terminal.RefuseAsync(settings.Problems)
            : await ServerProcess.RunAsync(settings, demo, terminal, cancellation);
    }
}

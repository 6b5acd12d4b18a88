using System.CommandLine;
using AllInOne.Server.Configuration;
using AllInOne.Server.Configuration.Keys;
using AllInOne.Server.Hosting;

namespace AllInOne.Server.Cli;

/// <summary>The command <c>config check</c>: reports everything that a start would refuse, and starts nothing.</summary>
internal static class ConfigCommand
{
    public static Command Create(IReadOnlyList<KeyValuePair<string, string>> keys, Terminal terminal)
    {
        var check = new Command("check", "Check the configuration without starting anything.");
        check.SetAction((_, _) => CheckAsync(keys, terminal));
        return new Command("config", "Work with the configuration.") { check };
    }

    private static async Task<int> CheckAsync(IReadOnlyList<KeyValuePair<string, string>> keys, Terminal terminal)
    {
        var settings = ServerSettings.Load(AppContext.BaseDirectory, ConfigurationSources.ProcessEnvironment(), keys);
        if (settings.Problems.Count > 0)
        {
            return await terminal.RefuseAsync(settings.Problems);
        }

        await terminal.Output.WriteLineAsync(
            $"The configuration is right: {string.Join(", ", settings.Urls)}, data in {Path.GetFullPath(settings.Options.Data.Directory)}");
        return ExitCodes.Done;
    }
}

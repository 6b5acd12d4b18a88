using System.CommandLine;
using AllInOne.Core.Backups;
using AllInOne.Core.Storage;
using AllInOne.Server.Configuration;
using AllInOne.Server.Configuration.Keys;
using AllInOne.Server.Hosting;

namespace AllInOne.Server.Cli;

/// <summary>
/// The commands <c>backup create</c> and <c>backup restore</c>. If a server uses the data directory, the server makes the backup, of all files at one
/// moment, and a restore is refused.
/// </summary>
internal static class BackupCommand
{
    public static Command Create(IReadOnlyList<KeyValuePair<string, string>> keys, Terminal terminal)
    {
        var to = new Option<string>("--to")
        {
            HelpName = "FILE",
            Description = "The new archive; the file must not exist. [default: a new file in Backup:Directory]",
        };
        var create = new Command("create", "Make a backup of all data, also while the server runs.") { to, ServeCommand.Data };
        create.SetAction((parsed, cancel) =>
            WithSettingsAsync(keys, terminal, settings => CreateAsync(settings, parsed.GetValue(to), terminal, cancel)));

        var file = new Argument<string>("FILE") { Description = "The archive." };
        var restore = new Command("restore", "Replace the data by that of a backup. The old data is kept in a directory beside it.")
        {
            file, ServeCommand.Data,
        };
        restore.SetAction((parsed, _) => WithSettingsAsync(keys, terminal, settings => RestoreAsync(settings, parsed.GetValue(file)!, terminal)));
        return new Command("backup", "Save the data and restore it.") { create, restore };
    }

    private static async Task<int> WithSettingsAsync(
        IReadOnlyList<KeyValuePair<string, string>> keys, Terminal terminal, Func<ServerSettings, Task<int>> command)
    {
        var settings = ServerSettings.Load(AppContext.BaseDirectory, ConfigurationSources.ProcessEnvironment(), keys);
        if (settings.Problems.Count > 0)
        {
            return await terminal.RefuseAsync(settings.Problems);
        }

        try
        {
            return await command(settings);
        }
        catch (DataDirectoryException e)
        {
            return await terminal.RefuseAsync([$"Data:Directory: {e.Message}"]);
        }
        catch (Exception e) when (e is BackupException or StorageException)
        {
            return await terminal.RefuseAsync([e.Message]);
        }
    }

    private static async Task<int> CreateAsync(ServerSettings settings, string? to, Terminal terminal, CancellationToken cancel)
    {
        var data = Path.GetFullPath(settings.Options.Data.Directory);
        if (to is not null && Path.Exists(to))
        {
            throw new BackupException($"{to} exists already; a backup replaces nothing");
        }

        if (to is not null && !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(to))))
        {
            throw new BackupException($"there is no directory for {to}");
        }

        if (!Directory.Exists(data))
        {
            throw new BackupException($"there is nothing to save in {data}");
        }

        string made;
        try
        {
            using var held = DataDirectory.Claim(data);
            made = OfflineBackups.Create(held, settings.Options.Backup, to, TimeProvider.System);
        }
        catch (DataDirectoryException busy) when (busy.IsInUse)
        {
            var server = ServerAddress.Find(data) ?? throw new BackupException(
                $"the server that uses {data} has left no address to ask for a backup; is it starting?");
            using var client = new BackupClient(server);
            var name = await client.CreateAsync(cancel);
            made = to is null ? $"{name}, in the backups of the running server" : await client.DownloadAsync(name, to, cancel);
        }

        await terminal.Output.WriteLineAsync($"Made {made}");
        return ExitCodes.Done;
    }

    private static async Task<int> RestoreAsync(ServerSettings settings, string file, Terminal terminal)
    {
        if (!File.Exists(file))
        {
            throw new BackupException($"there is no file {file}");
        }

        Restored restored;
        using (var held = DataDirectory.Claim(settings.Options.Data.Directory))
        {
            try
            {
                restored = OfflineBackups.Restore(held, file, TimeProvider.System);
            }
            catch (BackupException e)
            {
                throw new BackupException($"{file} is not restored: {e.Message}", e);
            }
        }

        await terminal.Output.WriteLineAsync(FormattableString.Invariant(
            $"Restored {string.Join(", ", restored.Files.Select(one => one.Name))} as of {restored.Time.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z"));
        if (restored.Aside is { } aside)
        {
            await terminal.Output.WriteLineAsync($"What was there before is in {aside}");
        }

        return ExitCodes.Done;
    }
}

using AllInOne.Core.Jobs.Definitions;

namespace AllInOne.Core.Jobs.Actions;

/// <summary>Finds the file of a command.</summary>
internal static class ProgramFile
{
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>
    /// Finds the file: a name with a slash is a path from the working directory, another name is searched in the PATH of the command. Null if there
    /// is no such file.
    /// </summary>
    public static string? Find(JobAction.Command action, string directory)
    {
        if (action.File.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            var file = Path.GetFullPath(action.File, directory);
            return IsProgram(file) ? file : null;
        }

        var path = action.Env.GetValueOrDefault("PATH") ?? Environment.GetEnvironmentVariable("PATH") ?? "";
        return path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(place => Path.GetFullPath(Path.Combine(place, action.File), directory))
            .FirstOrDefault(IsProgram);
    }

    private static bool IsProgram(string file) =>
        File.Exists(file) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(file) & Executable) != 0);
}

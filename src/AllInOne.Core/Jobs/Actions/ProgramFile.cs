using AllInOne.Core.Jobs.Definitions;

namespace AllInOne.Core.Jobs.Actions;

/// <summary>Which file a command means.</summary>
internal static class ProgramFile
{
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>With a slash a path from the working directory, else a name on the PATH that it will have; null where there is none.</summary>
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

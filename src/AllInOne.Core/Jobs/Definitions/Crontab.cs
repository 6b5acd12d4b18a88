using System.Text.RegularExpressions;
using AllInOne.Core.Values;

namespace AllInOne.Core.Jobs.Definitions;

/// <summary>A job made from a line of a crontab.</summary>
/// <param name="Line">The number of the line, from 1.</param>
/// <param name="Notes">Notes for the user, each the end of a sentence whose subject is the line.</param>
public sealed record CrontabJob(int Line, string Id, JobDefinition Definition, IReadOnlyList<string> Notes);

/// <summary>A line that cannot become a job, with the reason.</summary>
public readonly record struct CrontabProblem(int Line, string Reason);

/// <summary>The defaults that cron takes from the machine and the user.</summary>
/// <param name="User">The user of the server: lines of other users cannot become jobs.</param>
/// <param name="Home">The directory of commands until a line sets HOME; null for the data directory.</param>
/// <param name="TimeZone">The time zone of the machine, which applies until a line sets CRON_TZ; null for UTC.</param>
public sealed record CrontabOwner(string User, string? Home, string? TimeZone);

/// <summary>
/// Reads a crontab as cron does. Environment lines apply to the lines after them: SHELL runs the commands, CRON_TZ is their time zone,
/// HOME their directory. Comments above a line become its description. <c>@daily</c> and similar names are accepted. Times that cron refuses are
/// refused. As with cron, runs may overlap, and missed times are skipped.
/// </summary>
public static partial class Crontab
{
    private const string DefaultShell = "/bin/sh";

    /// <summary>The maximum length of quoted times: five fields are longer than other quoted text.</summary>
    private const int Quoted = 2 * Excerpt.Quoted;

    /// <param name="system">Whether each line names a user before the command, as in /etc/crontab.</param>
    public static (IReadOnlyList<CrontabJob> Jobs, IReadOnlyList<CrontabProblem> Problems) Read(string text, bool system, CrontabOwner owner)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(owner);
        var (jobs, problems) = (new List<CrontabJob>(), new List<CrontabProblem>());
        var (environment, comments, taken) = (new Dictionary<string, string>(StringComparer.Ordinal), new List<string>(), new HashSet<string>(StringComparer.Ordinal));
        var (number, notes) = (0, new List<string>());
        foreach (var raw in text.ReplaceLineEndings("\n").Split('\n'))
        {
            number++;
            var line = raw.Trim();
            if (line.Length == 0)
            {
                comments.Clear();
            }
            else if (line[0] == '#')
            {
                comments.Add(line.TrimStart('#').Trim());
            }
            else if (Assignment().Match(line) is { Success: true } assignment)
            {
                var name = assignment.Groups["name"].Value;
                environment[name] = Unquoted(assignment.Groups["value"].Value.Trim());
                notes.AddRange(ZoneNotes(name, environment[name]));
            }
            else
            {
                var (definition, command, wrong) = JobOf(line, system, owner, environment, comments);
                if (definition is null)
                {
                    problems.Add(new CrontabProblem(number, wrong!));
                }
                else
                {
                    notes.AddRange(((JobSchedule.Cron)definition.Schedule!).Notes);
                    jobs.Add(new CrontabJob(number, IdOf(command!, taken), definition, [.. notes]));
                    notes.Clear();
                }

                comments.Clear();
            }
        }

        return (jobs, problems);
    }

    private static (JobDefinition? Definition, string? Command, string? Wrong) JobOf(
        string line, bool system, CrontabOwner owner, Dictionary<string, string> environment, List<string> comments)
    {
        var fields = (line[0] == '@' ? 1 : 5) + (system ? 1 : 0);
        var parts = Regex.Split(line, @"\s+").Take(fields).ToList();
        var match = Regex.Match(line, $@"^(?:\S+\s+){{{fields}}}(?<command>.+)$");
        if (!match.Success)
        {
            return (null, null, $"has no {(system ? "user and " : "")}command after the times");
        }

        if (system && parts[^1] != owner.User)
        {
            return (null, null, $"is run as {Excerpt.Of(parts[^1])}; jobs run as the server's user, {owner.User}");
        }

        if (parts[0] == "@reboot")
        {
            return (null, null, "has no time of day: a job does not run at the start of the server");
        }

        var zone = environment.GetValueOrDefault("CRON_TZ") ?? owner.TimeZone;
        var times = string.Join(' ', parts.Take(line[0] == '@' ? 1 : 5));
        var (schedule, wrongTimes, wrongZone) = JobSchedule.Cron.Parse(times, zone);
        if (schedule is null)
        {
            return (null, null, $"has times that cannot be, '{Excerpt.Of(times, Quoted)}': {wrongTimes ?? wrongZone}");
        }

        if (schedule.Foreign is { } part)
        {
            return (null, null, $"has times that cron does not take, '{Excerpt.Of(times, Quoted)}': '{Excerpt.Of(part)}' is not in crontab(5); write its values as a list");
        }

        var command = match.Groups["command"].Value;
        if (Percent().IsMatch(command))
        {
            return (null, null, "has input for the command behind a '%'; put it into a script");
        }

        command = command.Replace("\\%", "%", StringComparison.Ordinal);
        var action = new JobAction.Command(
            environment.GetValueOrDefault("SHELL") ?? DefaultShell, ["-c", command],
            environment.Where(one => one.Key is not ("SHELL" or "CRON_TZ" or "MAILTO" or "MAILFROM")).ToDictionary(StringComparer.Ordinal),
            environment.GetValueOrDefault("HOME") ?? owner.Home);
        return (JobDefinition.Of(action, schedule) with
        {
            Misfire = MisfirePolicy.Skip,
            Overlap = OverlapPolicy.Allow,
            Description = comments.Count > 0 ? string.Join('\n', comments) : null,
            Tags = ["crontab"],
        }, command, null);
    }

    // These notes are added to the first job that they apply to.
    private static IEnumerable<string> ZoneNotes(string name, string zone) => name switch
    {
        "CRON_TZ" => [$"and those after it have their times in {Excerpt.Of(zone)} (CRON_TZ): cronie reads it so, the cron of Debian does not know it"],
        "TZ" => ["and those after it have their times in the time zone of this machine: TZ is for the command alone, as with cron"],
        _ => [],
    };

    /// <summary>The id is the name of the program, with a number if several lines have the same program.</summary>
    private static string IdOf(string command, HashSet<string> taken)
    {
        var program = Path.GetFileName(command.Split(' ', '\t', ';', '|', '&', '>').FirstOrDefault(word => word.Length > 0 && !word.Contains('=', StringComparison.Ordinal)) ?? "");
        var name = Unfit().Replace(program, "-").Trim('-', '.', '_');
        name = name.Length == 0 ? "cron" : name[..Math.Min(name.Length, 56)];
        var id = name;
        for (var n = 2; !taken.Add(id); n++)
        {
            id = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name}-{n}");
        }

        return id;
    }

    private static string Unquoted(string value) =>
        value.Length >= 2 && value[0] is '"' or '\'' && value[^1] == value[0] ? value[1..^1] : value;

    [GeneratedRegex("""^(?:"(?<name>[^"=]+)"|'(?<name>[^'=]+)'|(?<name>[A-Za-z_][A-Za-z0-9_]*))\s*=(?<value>.*)$""")]
    private static partial Regex Assignment();

    [GeneratedRegex(@"(?<!\\)%")]
    private static partial Regex Percent();

    [GeneratedRegex("[^A-Za-z0-9_.-]+")]
    private static partial Regex Unfit();
}

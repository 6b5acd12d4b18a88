using AllInOne.Core.Jobs;
using AllInOne.Core.Jobs.Definitions;

namespace AllInOne.Core.Tests.Jobs.Definitions;

public sealed class CrontabTests
{
    private static readonly CrontabOwner Root = new("root", null, null);

    [Fact]
    public void Unless_a_line_changes_it_times_are_in_the_zone_of_the_machine_and_commands_run_in_the_home_directory()
    {
        var (jobs, problems) = Crontab.Read(
            "30 6 * * * ./report\nCRON_TZ=America/New_York\nHOME=/srv\n30 6 * * * ./report\n", system: false, new CrontabOwner("ann", "/home/ann", "Europe/Zagreb"));
        Assert.Empty(problems);
        Assert.Equal(["Europe/Zagreb", "America/New_York"], jobs.Select(job => ((JobSchedule.Cron)job.Definition.Schedule!).TimeZone));
        Assert.Equal(["/home/ann", "/srv"], jobs.Select(job => ((JobAction.Command)job.Definition.Action).Directory));
    }

    [Fact]
    public void Lines_become_jobs_with_their_environment_and_comments()
    {
        var (jobs, problems) = Crontab.Read(
            """
            # m h dom mon dow command
            SHELL=/bin/bash
            PATH = "/usr/local/bin:/usr/bin"
            MAILTO=ann@example.org
            HOME=/srv

            # Saves the database.
            # Takes an hour.
            */15 2-4 * * 1-5   /opt/backup.sh --to "/mnt/a b" && echo 50\% done

            CRON_TZ=Europe/Zagreb
            @daily FOO=1 /opt/backup.sh --small
            """,
            system: false, Root);

        Assert.Empty(problems);
        Assert.Equal([(9, "backup.sh"), (12, "backup.sh-2")], jobs.Select(job => (job.Line, job.Id)));
        var first = jobs[0].Definition;
        var command = Assert.IsType<JobAction.Command>(first.Action);
        Assert.Equal(("/bin/bash", "/srv"), (command.File, command.Directory));
        Assert.Equal(["-c", "/opt/backup.sh --to \"/mnt/a b\" && echo 50% done"], command.Args);
        Assert.Equal("/usr/local/bin:/usr/bin", command.Env["PATH"]);
        Assert.Equal("Saves the database.\nTakes an hour.", first.Description);
        Assert.Equal((MisfirePolicy.Skip, OverlapPolicy.Allow), (first.Misfire, first.Overlap));
        Assert.Equal(("*/15 2-4 * * 1-5", null), (((JobSchedule.Cron)first.Schedule!).Text, ((JobSchedule.Cron)first.Schedule!).TimeZone));
        Assert.Equal(("@daily", "Europe/Zagreb"), (((JobSchedule.Cron)jobs[1].Definition.Schedule!).Text, ((JobSchedule.Cron)jobs[1].Definition.Schedule!).TimeZone));
        Assert.Null(jobs[1].Definition.Description);
        Assert.All(jobs, job => Assert.True(JobId.TryParse(job.Id, out _)));
    }

    [Fact]
    public void A_line_that_cannot_be_a_job_is_reported_and_the_others_are_imported()
    {
        var (jobs, problems) = Crontab.Read(
            "@reboot /bin/start\n0 0 * *\n61 * * * * true\n0 0 * * * mail%hello\n0 0 * * * true\n0 0 * * * ---\n",
            system: false, Root);
        Assert.Equal([5, 6], jobs.Select(job => job.Line));
        Assert.Equal("cron", jobs[1].Id);
        Assert.Equal([1, 2, 3, 4], problems.Select(problem => problem.Line));
        Assert.All(problems, problem => Assert.NotEmpty(problem.Reason));
    }

    [Theory]
    [InlineData("0 0 1 jan/3 *", "jan/3")]
    [InlineData("0 22-2 * * *", "22-2")]
    [InlineData("0 0 * * sat-sun", "sat-sun")]
    [InlineData("0 0 L * *", "L")]
    [InlineData("0 0 15W * *", "15W")]
    [InlineData("0 0 ? * 5", "?")]
    [InlineData("0 0 * * 5#2", "5#2")]
    [InlineData("0 0 1 march *", "march")]
    [InlineData("0~30 * * * *", "0~30")]
    [InlineData("*/0 * * * *", "*/0")]
    [InlineData("0 0 30 2 *", "never comes due")]
    public void Times_that_a_crontab_cannot_have_are_refused_with_their_line(string times, string part)
    {
        var (jobs, problems) = Crontab.Read($"0 0 * * * true\n{times} true\n", system: false, Root);
        Assert.Single(jobs);
        Assert.Equal(2, Assert.Single(problems).Line);
        Assert.Contains(part, problems[0].Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0 0 1 jan-dec/3 *")]
    [InlineData("0 0 1 jan-6 *")]
    [InlineData("0 0 * * sun-3/2")]
    [InlineData("0 0 * * 5-7")]
    [InlineData("0 9 1-7 * */7")]
    [InlineData("0 0 */1 * 5")]
    [InlineData("5,* * * * *")]
    public void Times_that_cron_accepts_are_accepted_without_a_note(string times)
    {
        var (jobs, problems) = Crontab.Read($"{times} true\n", system: false, Root);
        Assert.Empty(problems);
        Assert.Empty(Assert.Single(jobs).Notes);
    }

    [Fact]
    public void A_surprising_meaning_is_noted_once_with_its_line()
    {
        var (jobs, problems) = Crontab.Read(
            "*/60 * * * * true\nTZ=Asia/Tokyo\n0 0 * * * true\n0 1 * * * true\nCRON_TZ=America/New_York\n0 2 * * * true\n0 3 * * * true\n",
            system: false, new CrontabOwner("ann", null, "Europe/Zagreb"));
        Assert.Empty(problems);
        Assert.Equal([(1, 1), (3, 1), (4, 0), (6, 1), (7, 0)], jobs.Select(job => (job.Line, job.Notes.Count)));
        Assert.Contains("'*/60'", jobs[0].Notes[0], StringComparison.Ordinal);
        // Cron passes TZ to the command, but calculates the times in its own zone.
        Assert.Equal(
            ["Europe/Zagreb", "Europe/Zagreb", "Europe/Zagreb", "America/New_York", "America/New_York"],
            jobs.Select(job => ((JobSchedule.Cron)job.Definition.Schedule!).TimeZone));
        Assert.Equal("Asia/Tokyo", ((JobAction.Command)jobs[1].Definition.Action).Env["TZ"]);
    }

    [Fact]
    public void A_system_crontab_names_the_user_of_each_line()
    {
        var (jobs, problems) = Crontab.Read("0 0 * * * root run-parts /etc/cron.daily\n0 0 * * * www true\n@hourly root true\n", system: true, Root);
        Assert.Equal(["run-parts", "true"], jobs.Select(job => job.Id));
        Assert.Equal(["-c", "run-parts /etc/cron.daily"], ((JobAction.Command)jobs[0].Definition.Action).Args);
        Assert.Equal(2, Assert.Single(problems).Line);
    }

    [Fact]
    public void Any_text_is_read_without_an_exception_and_every_job_is_right()
    {
        var random = new Random(11);
        string[] words = ["*", "*/5", "0", "7", "@daily", "@", "root", "=", "A=", "#x", "\\%", "%", "\t", " ", "\n", "\"", "x/y.sh", "é", "-"];
        for (var n = 0; n < 5_000; n++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 30)).Select(_ => words[random.Next(words.Length)] + (random.Next(2) == 0 ? " " : "")));
            foreach (var job in Crontab.Read(text, random.Next(2) == 0, Root).Jobs)
            {
                Assert.True(JobId.TryParse(job.Id, out _), job.Id);
                Assert.NotNull(JobDefinitionJson.FromUtf8(JobDefinitionJson.ToUtf8(job.Definition)).Definition);
            }
        }
    }
}

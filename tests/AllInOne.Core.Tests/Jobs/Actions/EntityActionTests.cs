using System.Text;
using AllInOne.Core.Jobs;
using AllInOne.Core.Jobs.Actions;
using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Tests.Live;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;

using static AllInOne.Core.Tests.Jobs.JobsAtWork;

namespace AllInOne.Core.Tests.Jobs.Actions;

/// <summary>Jobs that send commands to entities, with entities beside them.</summary>
public sealed class EntityActionTests
{
    private static readonly EntityId Hall = LiveAtWork.Id("light.hall");
    private static readonly EntityId Target = LiveAtWork.Id("input_number.target");

    [Fact]
    public async Task A_run_sends_the_command_to_the_device_and_succeeds()
    {
        await using var home = new LiveAtWork();
        await home.Entities.PutAsync(Hall, LiveAtWork.Replacement("off"), CancellationToken.None);
        await using var work = await StartWithAsync(home);
        var start = home.Events.Head;

        var run = await RunAsync(work, """{"type": "entity", "id": "light.hall", "command": "turn_on", "parameters": {"brightness": 80}}""");

        Assert.Equal((RunOutcome.Succeeded, null), (run.Outcome!.Value, run.Error));
        var told = (await home.Read(start)).Events.Single();
        Assert.Equal("entities/light.hall/commands", told.Topic);
        Assert.Equal("""{"id":"light.hall","command":"turn_on","parameters":{"brightness":80}}""", Encoding.UTF8.GetString(told.Data.Span));
    }

    [Fact]
    public async Task Without_parameters_in_the_action_the_enqueued_parameters_are_sent()
    {
        await using var home = new LiveAtWork();
        await home.Entities.PutAsync(Target, LiveAtWork.Replacement("19"), CancellationToken.None);
        await using var work = await StartWithAsync(home);
        await PutAsync(work, """{"type": "entity", "id": "input_number.target", "command": "set"}""");

        await work.EnqueueAsync("tell", """{"state": 21.5}""");
        await work.EndedAsync("tell", 1);

        Assert.Equal("21.5", home.Entities.Find(Target)!.State.Raw);
        await work.EnqueueAsync("tell", "[1]");
        Assert.Contains("parameters: must be an object", (await work.EndedAsync("tell", 2))[1].Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type": "entity", "id": "light.nobody", "command": "turn_on"}""", "There is no entity light.nobody.")]
    [InlineData("""{"type": "entity", "id": "input_number.target", "command": "dim"}""", "command: must be one of turn_on, turn_off, toggle, set")]
    [InlineData("""{"type": "entity", "id": "input_number.target", "command": "set"}""", "parameters.state: is missing")]
    public async Task A_command_that_is_not_accepted_fails_the_run_with_the_reason(string action, string reason)
    {
        await using var home = new LiveAtWork();
        await home.Entities.PutAsync(Target, LiveAtWork.Replacement("19"), CancellationToken.None);
        await using var work = await StartWithAsync(home);

        var run = await RunAsync(work, action);

        Assert.Equal(RunOutcome.Failed, run.Outcome);
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
        Assert.Equal("19", home.Entities.Find(Target)!.State.Raw);
    }

    [Fact]
    public async Task The_definition_is_the_same_after_a_restart()
    {
        await using var work = await StartAsync();
        await PutAsync(work, """{"type": "entity", "id": "light.hall", "command": "turn_on", "parameters": {"brightness": 80}}""");

        await work.ReopenAsync();

        Assert.Equal(new JobAction.Entity(Hall, "turn_on", new JsonText("""{"brightness":80}""")), work.Store.Definitions.Find(Id("tell"))!.Definition.Action);
    }

    private static async Task<JobsAtWork> StartWithAsync(LiveAtWork home)
    {
        var work = await StartAsync();
        var entity = new EntityAction(home.Entities);
        work.Act = (task, stop) => entity.ActAsync((JobAction.Entity)task.Job.Definition.Action, task, stop);
        return work;
    }

    private static async Task PutAsync(JobsAtWork work, string action) => Assert.IsType<JobResult.Done>(
        await work.Store.Definitions.PutAsync(Id("tell"), Definition($$"""{"action": {{action}}}"""), VersionCondition.None, CancellationToken.None));

    private static async Task<Run> RunAsync(JobsAtWork work, string action)
    {
        await PutAsync(work, action);
        await work.RunAsync("tell");
        return (await work.EndedAsync("tell", 1))[0];
    }
}

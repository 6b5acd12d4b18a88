using AllInOne.Core.Supervision;

namespace AllInOne.Core.Tests.Supervision;

public sealed class DisposalTests
{
    private readonly List<int> _ran = [];

    [Fact]
    public void Every_step_runs_and_the_first_exception_is_thrown_at_the_end()
    {
        var failure = Assert.Throws<IOException>(() => Disposal.Run(() => Step(1), () => Fail(2), () => Fail(3), () => Step(4)));

        Assert.Equal("2", failure.Message);
        Assert.Equal([1, 2, 3, 4], _ran);
    }

    [Fact]
    public async Task Every_asynchronous_step_runs_after_the_previous_step_and_the_first_exception_is_thrown_at_the_end()
    {
        var failure = await Assert.ThrowsAsync<IOException>(() => Disposal.RunAsync(
            async () =>
            {
                await Task.Yield();
                Fail(1);
            },
            () => throw new InvalidOperationException("not even a task"),
            () =>
            {
                Step(2);
                return Task.CompletedTask;
            }));

        Assert.Equal("1", failure.Message);
        Assert.Equal([1, 2], _ran);
    }

    private void Step(int number) => _ran.Add(number);

    private void Fail(int number)
    {
        Step(number);
        throw new IOException($"{number}");
    }
}

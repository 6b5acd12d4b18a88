using System.Collections.Concurrent;

namespace AllInOne.Actors.Tests.Dispatch;

/// <summary>
/// The actors of an urgent dispatcher run before all others, for as long as they have messages. The monitor hardly ever checks here. Otherwise a busy
/// machine would get a second thread, which runs others while the first is in a message.
/// </summary>
public sealed class UrgentTests() : ActorTest(TestSystem.Create(
    "test", "fair-scheduler { workers = 1, look-interval = 1h, demote-after = 1h, abandon-after = 1h }"))
{
    [Fact]
    public async Task An_urgent_actor_with_messages_for_many_slices_is_done_before_the_actors_that_waited_first()
    {
        const int Messages = 1_000;
        const int Others = 500;
        var handled = new ConcurrentQueue<string>();
        var done = new CountdownEvent(Messages + Others);
        Action<string> note = message =>
        {
            handled.Enqueue(message);
            done.Signal();
        };
        var others = Enumerable.Range(0, Others).Select(_ => System.ActorOf(Recipe.Of(() => new Notes(note)))).ToList();
        var urgent = System.ActorOf(Recipe.Of(() => new Notes(note)).WithDispatcher("akka.actor.urgent-dispatcher"));
        await SettledAsync(urgent);
        await SettledAsync(others[^1]);

        // One message of another actor sends all of them, so that no actor runs before all have work.
        StartPuppet().Tell(
            new Do(_ =>
            {
                others.ForEach(other => other.Tell("other", ActorRefs.NoSender));
                for (var i = 0; i < Messages; i++)
                {
                    urgent.Tell("urgent", ActorRefs.NoSender);
                }
            }),
            ActorRefs.NoSender);

        Assert.True(await Task.Run(() => done.Wait(Patience)), $"{done.CurrentCount} messages are left");
        var before = handled.Reverse().SkipWhile(message => message == "other").Count(message => message == "other");
        Assert.True(before < Others / 2, $"{before} of the others ran before the last urgent message");
    }

    private sealed class Notes : ReceiveActor
    {
        public Notes(Action<string> note) => ReceiveAny(message => note((string)message));
    }
}

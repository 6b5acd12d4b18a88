namespace AllInOne.Actors.Tests.Dispatch;

/// <summary>
/// A tree in which every actor fails repeatedly while its supervisor fails too. No actor ever stops, so at the end all
/// actors must answer. If one of them were suspended once too often, it would never answer.
/// </summary>
public sealed class FailureStormTests : ActorTest
{
    private const int Width = 4;
    private const int Height = 3;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Every_actor_of_the_tree_answers_afterwards(int seed)
    {
        var all = new List<IActorRef> { System.ActorOf(Node.Props(Height), "top") };
        for (var i = 0; i < all.Count; i++)
        {
            all.AddRange(await all[i].Ask<IActorRef[]>("children", Patience));
        }

        await Task.WhenAll(Enumerable.Range(0, 3).Select(thread => Task.Run(() => Storm(all, new Random((seed * 100) + thread)))));

        var answers = all.Select(actor => actor.Ask<string>("alive?", Patience)).ToList();
        for (var i = 0; i < all.Count; i++)
        {
            var answer = await Record.ExceptionAsync(() => answers[i]);
            Assert.True(answer is null, $"{all[i].Path} is silent");
        }
    }

    private static void Storm(List<IActorRef> all, Random random)
    {
        for (var i = 0; i < 1_500; i++)
        {
            var actor = all[random.Next(all.Count)];
            switch (random.Next(10))
            {
                case 0:
                    ((IInternalActorRef)actor).Suspend();
                    ((IInternalActorRef)actor).Restart(new PlannedFailure([]));
                    break;
                case 1:
                    ((IInternalActorRef)actor).Suspend();
                    ((IInternalActorRef)actor).Resume(null);
                    break;
                case 2 or 3:
                    actor.Tell("ordinary", ActorRefs.NoSender);
                    break;
                case 4:
                    actor.Tell("await and fail", ActorRefs.NoSender);
                    break;
                default:
                    actor.Tell(new Crash(new PlannedFailure([Any(random), Any(random), Any(random), Any(random)])), ActorRefs.NoSender);
                    break;
            }
        }
    }

    private static Directive Any(Random random) => random.Next(3) switch
    {
        0 => Directive.Resume,
        1 => Directive.Restart,
        _ => Directive.Escalate,
    };

    /// <summary>A failure with the decision of each supervisor on its way up.</summary>
    private sealed class PlannedFailure(Directive[] plan) : Exception
    {
        public Directive At(int height) => height < plan.Length ? plan[height] : Directive.Restart;
    }

    private sealed class Node : ReceiveActor
    {
        private readonly int _height;

        public Node(int height)
        {
            _height = height;
            Receive<string>(text => text == "children", _ => Sender.Tell(Context.GetChildren().ToArray(), Self));
            ReceiveAsync<string>(FailLateAsync, text => text == "await and fail");
            Receive<string>(text => Sender.Tell(text, Self));
            Receive<Crash>(Throw);
        }

        public static Props Props(int height) => Recipe.Of(() => new Node(height));

        protected override void PreStart()
        {
            for (var i = 0; i < (_height == 0 ? 0 : Width); i++)
            {
                Context.ActorOf(Props(_height - 1), $"{i}");
            }
        }

        // The children are not stopped, so the next instance has them already.
        protected override void PreRestart(Exception reason, object? message)
        {
        }

        protected override void PostRestart(Exception reason)
        {
        }

        protected override SupervisorStrategy SupervisorStrategy() =>
            new OneForOneStrategy(cause => cause is PlannedFailure planned ? planned.At(_height) : Directive.Restart);

        private static void Throw(Crash crash) => throw crash.Cause;

        private static async Task FailLateAsync(string text)
        {
            await Task.Yield();
            throw new PlannedFailure([Directive.Escalate, Directive.Resume, Directive.Restart]);
        }
    }
}

using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using AllInOne.Core.Values;
using AllInOne.Server.Hosting;
using AllInOne.Server.Simulation;

namespace AllInOne.Server.Cli;

/// <summary>The command <c>simulate</c>: sends a demo home and a score board to a feed, as devices do, until a signal stops it.</summary>
internal static class SimulateCommand
{
    private const int HighestRate = 1000;
    private const int HighestSpeed = 100_000;

    /// <summary>The start of the clock of the home: a lively hour, because the people are at home and it gets dark.</summary>
    private static readonly DateTimeOffset Evening = new(2025, 4, 12, 18, 40, 0, TimeSpan.Zero);

    public static Command Create(Terminal terminal)
    {
        var to = Target();
        var speed = Positive("--speed", "Simulated seconds per second.", 20, HighestSpeed);
        var rate = Positive("--rate", "Samples of the home per second; each sends the changes.", 4, HighestRate);
        var seed = new Option<int>("--seed") { Description = "The same seed gives the same days.", DefaultValueFactory = _ => 1 };
        var parentPipe = new Option<bool>("--parent-pipe") { Description = "End when the standard input ends.", Hidden = true };
        var command = new Command("simulate", "Send a demo home and a score board to the feed port.") { to, speed, rate, seed, parentPipe };
        command.SetAction((parsed, cancellation) =>
        {
            var options = new SimulatorOptions(parsed.GetValue(to), parsed.GetValue(speed), parsed.GetValue(rate));
            return RunAsync(options, parsed.GetValue(seed), parsed.GetValue(parentPipe), terminal, cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        SimulatorOptions options, int seed, bool parentPipe, Terminal terminal, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        if (parentPipe)
        {
            _ = EndWithInputAsync(Console.OpenStandardInput(), end);
        }

        await new Simulator(new DemoWorld(seed, Evening), options, TimeProvider.System, terminal.Output).RunAsync(end.Token);
        return ExitCodes.Done;

        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            end.Cancel();
        }
    }

    /// <summary>
    /// Cancels when the standard input is closed. The parent writes nothing to this pipe, so it is closed when the parent exits, for any reason.
    /// </summary>
    private static async Task EndWithInputAsync(Stream input, CancellationTokenSource end)
    {
        // A console's stream blocks its thread while it reads.
        await Task.Run(async () => await input.CopyToAsync(Stream.Null));
        await end.CancelAsync();
    }

    private static Option<FeedTarget> Target() => new("--to")
    {
        HelpName = "HOST:PORT",
        Description = "The feed to send to.",
        DefaultValueFactory = _ => FeedTarget.Default,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (FeedTarget.TryParse(text, out var target))
            {
                return target.Value;
            }

            result.AddError($"--to takes host:port, not '{Excerpt.Of(text)}'");
            return default;
        },
    };

    private static Option<double> Positive(string name, string description, double byDefault, double highest) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => byDefault,
        CustomParser = result =>
        {
            if (double.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value > 0 && value <= highest)
            {
                return value;
            }

            result.AddError($"{name} takes a number above 0 and up to {highest.ToString(CultureInfo.InvariantCulture)}");
            return default;
        },
    };
}

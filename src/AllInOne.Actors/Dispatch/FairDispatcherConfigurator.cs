using Akka.Configuration;
using Akka.Dispatch;

namespace AllInOne.Actors;

/// <summary>
/// Makes a <see cref="FairDispatcher"/> for each dispatcher whose settings name this class as their <c>type</c>. All of one system share
/// its threads; those with <c>urgent = on</c> run their actors before those of the others.
/// </summary>
public sealed class FairDispatcherConfigurator : MessageDispatcherConfigurator
{
    private readonly FairDispatcher _dispatcher;

    /// <summary>Called by Akka.NET.</summary>
    /// <exception cref="ConfigurationException">A value of <c>fair-scheduler</c> is out of its range.</exception>
    public FairDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(prerequisites);
        AkkaInternals.ThrowIfMoved();
        var settings = prerequisites.Settings;
        var scheduler = WorkScheduler.Of(settings.System, () => SchedulingOptions.Of(settings.Config));
        _dispatcher = new FairDispatcher(
            this, scheduler, config.GetString("id"), config.GetBoolean("urgent", false), config.GetTimeSpan("shutdown-timeout", TimeSpan.FromSeconds(1)));
    }

    /// <summary>Akka.NET asks whenever an actor is made.</summary>
    /// <exception cref="InvalidOperationException">The code that runs here belongs to an abandoned actor: it can start nothing.</exception>
    public override MessageDispatcher Dispatcher()
    {
        Worker.ThrowIfLost();
        return _dispatcher;
    }
}

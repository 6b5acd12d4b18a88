using Akka.Configuration;
using Akka.Dispatch;

namespace AllInOne.Actors;

/// <summary>
/// Makes a <see cref="FairDispatcher"/> for each dispatcher whose settings name this class as their <c>type</c>. All dispatchers of one
/// system share its threads. Actors of a dispatcher with <c>urgent = on</c> run before the actors of other dispatchers.
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
        (prerequisites.Scheduler as WheelScheduler)?.GiveUpWith(scheduler);
        _dispatcher = new FairDispatcher(
            this, scheduler, config.GetString("id"), config.GetBoolean("urgent", false), config.GetTimeSpan("shutdown-timeout", TimeSpan.FromSeconds(1)));
    }

    /// <summary>Called by Akka.NET whenever an actor is created.</summary>
    /// <exception cref="InvalidOperationException">The calling code belongs to an abandoned actor, which cannot start children.</exception>
    public override MessageDispatcher Dispatcher()
    {
        Worker.ThrowIfLost();
        return _dispatcher;
    }
}

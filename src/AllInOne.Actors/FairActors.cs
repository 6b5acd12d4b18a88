using Akka.Configuration;

namespace AllInOne.Actors;

/// <summary>
/// The settings that put all actors of an Akka.NET system on the plug-ins of this library: the fair dispatcher, its mailbox and its timers.
/// Use: <c>ActorSystem.Create(name, mySettings.WithFallback(FairActors.Config))</c>. The section <c>fair-scheduler</c> has the options;
/// <c>fair-actors.conf</c> explains each of them.
/// </summary>
public static class FairActors
{
    private static readonly Lazy<Config> Loaded = new(Load);

    /// <summary>The defaults, to be used as the fallback of an application's own settings.</summary>
    public static Config Config => Loaded.Value;

    private static Config Load()
    {
        using var stream = typeof(FairActors).Assembly.GetManifestResourceStream("fair-actors.conf")!;
        using var reader = new StreamReader(stream);
        return ConfigurationFactory.ParseString(reader.ReadToEnd());
    }
}

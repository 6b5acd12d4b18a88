using System.IO.Enumeration;

namespace AllInOne.Actors;

/// <summary>
/// The actors that a path describes at the moment a message is told: <c>/user/feeds/*</c>, <c>../sibling</c>. The elements
/// <c>*</c> and <c>?</c> match as in file names. A path without wildcards that finds nobody makes a dead letter.
/// </summary>
public sealed class ActorSelection : ICanTell
{
    private readonly ActorSystem _system;
    private readonly ActorCell _anchor;
    private readonly string[] _elements;

    internal ActorSelection(ActorSystem system, ActorCell anchor, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _system = system;
        var prefix = $"akka://{system.Name}/";
        if (path.StartsWith(prefix, StringComparison.Ordinal))
        {
            path = path[(prefix.Length - 1)..];
        }

        _anchor = path[0] == '/' ? system.Root : anchor;
        _elements = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        PathString = "/" + string.Join('/', _elements);
    }

    /// <summary>The elements below the anchor, joined.</summary>
    public string PathString { get; }

    /// <inheritdoc/>
    public void Tell(object message, IActorRef? sender)
    {
        ArgumentNullException.ThrowIfNull(message);
        var found = Find();
        foreach (var cell in found)
        {
            cell.Tell(message, sender);
        }

        if (found.Count == 0 && !HasWildcard)
        {
            _system.DeadLetterRef.Publish(message, sender, _system.DeadLetterRef);
        }
    }

    /// <summary>Sends a message; inside an actor that actor is the sender.</summary>
    public void Tell(object message) => Tell(message, ActorCell.Current);

    /// <summary>The one actor that is found.</summary>
    /// <exception cref="ActorNotFoundException">Nobody answered within <paramref name="timeout"/>.</exception>
    public async Task<IActorRef> ResolveOne(TimeSpan timeout)
    {
        try
        {
            var identity = await this.Ask<ActorIdentity>(new Identify(null), timeout).ConfigureAwait(false);
            return identity.Subject ?? throw new ActorNotFoundException($"No actor at {PathString}");
        }
        catch (AskTimeoutException exception)
        {
            throw new ActorNotFoundException($"No actor at {PathString} answered in {timeout}", exception);
        }
    }

    public override string ToString() => $"ActorSelection[{_anchor.Path}{PathString}]";

    internal ActorSystem System => _system;

    private bool HasWildcard => _elements.Any(IsPattern);

    private static bool IsPattern(string element) => element.AsSpan().ContainsAny('*', '?');

    private List<ActorCell> Find()
    {
        var found = new List<ActorCell> { _anchor };
        foreach (var element in _elements)
        {
            found = element == ".."
                ? found.Select(cell => cell.ParentCell ?? cell).Distinct().ToList()
                : found.SelectMany(cell => Children(cell, element)).ToList();
        }

        return found;
    }

    private static IEnumerable<ActorCell> Children(ActorCell cell, string element)
    {
        if (IsPattern(element))
        {
            return cell.ChildCells().Where(child => FileSystemName.MatchesSimpleExpression(element, child.Name, ignoreCase: false));
        }

        return cell.FindChild(element) is { } child ? [child] : [];
    }
}

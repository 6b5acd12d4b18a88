#pragma warning disable CA1822 // As in ActorBase.
namespace AllInOne.Actors;

/// <summary>
/// An actor whose handlers are declared by type in its constructor, or in the action given to <c>Become</c>. The first
/// handler that fits takes the message; a message that none takes is unhandled.
/// </summary>
public abstract class ReceiveActor : ActorBase
{
    /// <summary>Stands behind a handler that takes all.</summary>
    private static readonly Receive NothingLeft = _ => false;

    private List<Receive>? _declaring = [];
    private Receive[]? _handlers;

    /// <summary>Declares a handler for <typeparamref name="T"/>.</summary>
    /// <param name="handler">What to do.</param>
    /// <param name="shouldHandle">Which of them; all when null.</param>
    protected void Receive<T>(Action<T> handler, Predicate<T>? shouldHandle = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Declare(message =>
        {
            if (message is not T fitting || shouldHandle?.Invoke(fitting) == false)
            {
                return false;
            }

            handler(fitting);
            return true;
        });
        if (typeof(T) == typeof(object) && shouldHandle is null)
        {
            Declare(NothingLeft);
        }
    }

    /// <summary>The same with the predicate first.</summary>
    protected void Receive<T>(Predicate<T> shouldHandle, Action<T> handler) => Receive(handler, shouldHandle);

    /// <summary>Declares a handler that may decline by returning false.</summary>
    protected void Receive<T>(Func<T, bool> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Declare(message => message is T fitting && handler(fitting));
    }

    /// <summary>Declares a handler for all that is left; none can be declared behind it.</summary>
    protected void ReceiveAny(Action<object> handler) => Receive(handler);

    /// <summary>Declares a handler that may await; the mailbox waits for it.</summary>
    protected void ReceiveAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Receive<T>(message => Cell.RunTask(() => handler(message)), shouldHandle);
    }

    /// <summary>Declares an awaiting handler for all that is left.</summary>
    protected void ReceiveAnyAsync(Func<object, Task> handler) => ReceiveAsync(handler);

    /// <summary>Replaces the current behaviour by the handlers that <paramref name="configure"/> declares.</summary>
    protected void Become(Action configure) => Context.Become(Build(configure));

    /// <summary>Puts the handlers that <paramref name="configure"/> declares on top of the current behaviour.</summary>
    protected void BecomeStacked(Action configure) => Context.BecomeStacked(Build(configure));

    protected sealed override bool Receive(object message)
    {
        _handlers ??= EndDeclaring();
        return Handle(_handlers, message);
    }

    private void Declare(Receive handler)
    {
        if (_declaring is null)
        {
            throw new InvalidOperationException("Handlers are declared in the constructor, or in the action given to Become.");
        }

        if (_declaring.Count > 0 && ReferenceEquals(_declaring[^1], NothingLeft))
        {
            throw new InvalidOperationException("The handler before this one takes all messages: this one would never see any.");
        }

        _declaring.Add(handler);
    }

    private Receive Build(Action configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var outer = _declaring;
        _declaring = [];
        configure();
        var handlers = _declaring.ToArray();
        _declaring = outer;
        return message => Handle(handlers, message);
    }

    private Receive[] EndDeclaring()
    {
        var handlers = _declaring!.ToArray();
        _declaring = null;
        return handlers;
    }

    private static bool Handle(Receive[] handlers, object message)
    {
        foreach (var handler in handlers)
        {
            if (handler(message))
            {
                return true;
            }
        }

        return false;
    }
}

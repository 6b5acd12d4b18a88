using System.Linq.Expressions;
using System.Reflection;

namespace AllInOne.Actors;

/// <summary>
/// The recipe for an actor: its class and constructor arguments, evaluated once, used for the first instance and for
/// each one after a restart. Immutable; one may serve any number of actors.
/// </summary>
public sealed class Props
{
    private readonly Func<ActorBase> _factory;

    private Props(Type type, Func<ActorBase> factory, SupervisorStrategy? supervisorStrategy)
    {
        Type = type;
        SupervisorStrategy = supervisorStrategy;
        _factory = factory;
    }

    /// <summary>The actor's class.</summary>
    public Type Type { get; }

    /// <summary>The strategy that takes precedence over the actor's own, or null.</summary>
    public SupervisorStrategy? SupervisorStrategy { get; }

    /// <summary>From <c>() =&gt; new SomeActor(a, b)</c>. The arguments are evaluated here, not at each restart.</summary>
    public static Props Create<TActor>(Expression<Func<TActor>> factory, SupervisorStrategy? supervisorStrategy = null)
        where TActor : ActorBase
    {
        ArgumentNullException.ThrowIfNull(factory);
        if (factory.Body is not NewExpression creation)
        {
            throw new ArgumentException("Props.Create takes a lambda that calls a constructor: () => new SomeActor(...).", nameof(factory));
        }

        if (creation.Constructor is null)
        {
            return new Props(typeof(TActor), Activator.CreateInstance<TActor>, supervisorStrategy);
        }

        return Of(creation.Type, creation.Constructor, creation.Arguments.Select(ArgumentEvaluation.Evaluate).ToArray(), supervisorStrategy);
    }

    /// <summary>From the class and its constructor's arguments.</summary>
    public static Props Create<TActor>(params object?[] args)
        where TActor : ActorBase => Create(typeof(TActor), args);

    /// <summary>From the class and its constructor's arguments.</summary>
    /// <exception cref="ArgumentException">The class is no actor, or has no such constructor.</exception>
    public static Props Create(Type type, params object?[] args)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (!typeof(ActorBase).IsAssignableFrom(type))
        {
            throw new ArgumentException($"{type} is no actor.", nameof(type));
        }

        var constructor = Array.Find(
            type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic), candidate => Fits(candidate, args))
            ?? throw new ArgumentException($"{type} has no constructor for ({string.Join(", ", args.Select(a => a?.GetType().Name ?? "null"))}).");
        return Of(type, constructor, args, null);
    }

    /// <summary>The same recipe with a strategy for the actor's children.</summary>
    public Props WithSupervisorStrategy(SupervisorStrategy supervisorStrategy) => new(Type, _factory, supervisorStrategy);

    internal ActorBase NewActor() => _factory();

    private static Props Of(Type type, ConstructorInfo constructor, object?[] args, SupervisorStrategy? strategy)
    {
        var invoker = ConstructorInvoker.Create(constructor);
        return new Props(type, () => (ActorBase)invoker.Invoke(args.AsSpan()), strategy);
    }

    private static bool Fits(ConstructorInfo constructor, object?[] args)
    {
        var parameters = constructor.GetParameters();
        return parameters.Length == args.Length && parameters.Zip(args).All(pair =>
            pair.Second is null ? !pair.First.ParameterType.IsValueType : pair.First.ParameterType.IsInstanceOfType(pair.Second));
    }
}

using AllInOne.Core.Events;

namespace AllInOne.Core.Live;

/// <summary>Who is told of the events of some topics, as <see cref="TopicIndex{T}"/> finds them.</summary>
public abstract class Listener
{
    internal Listener(TopicFilter topics) => Topics = topics;

    public TopicFilter Topics { get; }
}

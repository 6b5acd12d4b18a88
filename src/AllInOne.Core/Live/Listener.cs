using AllInOne.Core.Events;

namespace AllInOne.Core.Live;

/// <summary>A receiver of the events of some topics, which a <see cref="TopicIndex{T}"/> finds by topic.</summary>
public abstract class Listener
{
    internal Listener(TopicFilter topics) => Topics = topics;

    public TopicFilter Topics { get; }
}

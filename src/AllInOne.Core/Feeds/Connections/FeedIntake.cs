using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using AllInOne.Core.Entities.Snapshots;
using AllInOne.Core.Feeds.Xml;

namespace AllInOne.Core.Feeds.Connections;

/// <summary>
/// The way from the bytes of one connection to its reports, in order, with the count of the handled events; without sockets and actors. It
/// outlives the actor that uses it, and is consistent between any two calls: if the actor crashes in one call, its next incarnation continues with the next.
/// </summary>
internal sealed class FeedIntake
{
    private readonly XmlFeedOptions _options;
    private readonly FeedCounters _counters;
    private readonly Action<IReadOnlyList<ReadOnlyMemory<byte>>, ICollection<FeedEvent>> _parse;
    private readonly XmlFramer _framer;
    private readonly FeedOpening _opening = new();

    // The whole events that are not parsed yet, the frame after them, and the position of their results in _read.
    private readonly List<ReadOnlyMemory<byte>> _run = [];
    private XmlFrame? _behind;
    private int _runStart;

    // The parsed events, the index of the current one, its first tag, and the position of its next element.
    private readonly List<FeedEvent> _read = [];
    private int _next;
    private bool _began;
    private long _tag;
    private int _element;

    private bool _saidHello;
    private bool _sentEvents;

    public FeedIntake(XmlFeedOptions options, EntityLimits limits, FeedCounters counters)
        : this(options, counters, new XmlEventParser(options.MaxElements, limits).Parse)
    {
    }

    /// <param name="parse">Parses whole events, with one result for each. Tests replace it.</param>
    public FeedIntake(
        XmlFeedOptions options, FeedCounters counters, Action<IReadOnlyList<ReadOnlyMemory<byte>>, ICollection<FeedEvent>> parse)
    {
        (_options, _counters, _parse) = (options, counters, parse);
        _framer = new XmlFramer(options.MaxEventBytes, options.MaxDepth);
    }

    public AckWindow Window { get; } = new();

    /// <summary>Whether the client has requested acknowledgements.</summary>
    public bool AcksRequested { get; private set; }

    /// <summary>The reason why no more is accepted from this client; null if more is accepted.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Adds bytes. All earlier reports must have been taken with <see cref="TryPeek"/>.</summary>
    public void Append(in ReadOnlySequence<byte> bytes)
    {
        _counters.AddBytes(bytes.Length);
        _opening.Append(bytes);
        if (_opening.Foreign is { } protocol)
        {
            Refusal = $"it speaks {protocol}, and this port takes XML events";
            return;
        }

        _framer.Append(bytes);
    }

    /// <summary>Notes that the client will send no more.</summary>
    public void Complete() => _framer.Complete();

    /// <summary>The next report and its tag; the same until <see cref="Taken"/>. Returns false if more bytes are needed.</summary>
    public bool TryPeek([NotNullWhen(true)] out EntityReport? report, out long tag)
    {
        while (Refusal is null)
        {
            if (_next == _read.Count && !ReadMore())
            {
                break;
            }

            if (_next == _read.Count)
            {
                continue;
            }

            var current = _read[_next];
            Begin(current);
            if (_element < current.Reports.Count)
            {
                (report, tag) = (current.Reports[_element], _tag + _element);
                return true;
            }

            _next++;
            _began = false;
        }

        (report, tag) = (null, 0);
        return false;
    }

    /// <summary>Notes that the report of <see cref="TryPeek"/> was sent.</summary>
    public void Taken() => _element++;

    private void Begin(in FeedEvent current)
    {
        if (_began)
        {
            return;
        }

        _began = true;
        _element = 0;
        _tag = Window.Begin(current.Reports.Count);
        _counters.AddEvent(current.Reports.Count);
        var rejected = current.BadElements + (current.Broken ? 1 : 0);
        if (rejected > 0)
        {
            _counters.AddRejected(rejected, current.Problem);
        }
    }

    // Parses all frames of the framer. Returns false if it has none.
    private bool ReadMore()
    {
        if (_run.Count > 0 || _behind is not null)
        {
            SkipWhatFailed();
            ReadRun();
            return true;
        }

        _read.Clear();
        _next = 0;
        var any = false;
        while (Refusal is null && _framer.TryRead(out var frame))
        {
            any = true;
            if (frame.Kind == XmlFrameKind.Event && MayBegin())
            {
                _run.Add(frame.Bytes);
            }
            else
            {
                _behind = frame;
                ReadRun();
            }
        }

        ReadRun();
        if (!any)
        {
            _framer.Rest();
        }

        return any;
    }

    private void ReadRun()
    {
        if (_run.Count > 0)
        {
            _runStart = _read.Count;
            _parse(_run, _read);
            _run.Clear();
        }

        var behind = _behind;
        _behind = null;
        switch (behind)
        {
            case { Kind: XmlFrameKind.Hello } hello:
                Hello(hello.Bytes.Span);
                break;
            case { Kind: XmlFrameKind.Junk } junk:
                _counters.AddRejected(1, junk.Reason);
                break;
            case { Kind: XmlFrameKind.BrokenEvent } broken when MayBegin():
                _read.Add(FeedEvent.Refused(broken.Reason!));
                break;
        }
    }

    // The parser has failed because of a bug, not because of bad XML. The events that it has parsed count; the event where it failed is refused.
    private void SkipWhatFailed()
    {
        var done = _read.Count - _runStart;
        if (done < _run.Count)
        {
            _run.RemoveRange(0, done + 1);
            _read.Add(FeedEvent.Refused("the event could not be read"));
        }
        else
        {
            _run.Clear();
        }
    }

    private bool MayBegin()
    {
        if (!_sentEvents && !_saidHello && !TokenFits(null))
        {
            Refusal = "a token is needed: <feed token=\"…\"/> comes first";
            return false;
        }

        return _sentEvents = true;
    }

    private void Hello(ReadOnlySpan<byte> tag)
    {
        if (_saidHello || _sentEvents)
        {
            _counters.AddRejected(1, "a hello comes once, before all events");
        }
        else if (XmlEventParser.ParseHello(tag, out var problem) is not { } hello)
        {
            _counters.AddRejected(1, problem);
        }
        else if (!TokenFits(hello.Token))
        {
            Refusal = "the token is wrong";
        }
        else
        {
            _saidHello = true;
            AcksRequested = hello.Acknowledge;
        }
    }

    private bool TokenFits(string? token) =>
        string.IsNullOrEmpty(_options.Token)
        || (token is not null
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(_options.Token)));
}

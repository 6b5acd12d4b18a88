using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using AllInOne.Core.Entities;
using AllInOne.Core.Feeds.Xml;

namespace AllInOne.Core.Feeds.Connections;

/// <summary>
/// From the bytes of one connection to its reports, in order, and the count of what became of them: no sockets, no actors. It
/// outlives the actor that uses it, and is consistent between any two calls: an actor that crashed in one call continues with the next.
/// </summary>
internal sealed class FeedIntake
{
    private readonly XmlFeedOptions _options;
    private readonly FeedCounters _counters;
    private readonly Action<IReadOnlyList<ReadOnlyMemory<byte>>, ICollection<FeedEvent>> _parse;
    private readonly XmlFramer _framer;
    private readonly FeedOpening _opening = new();

    // Whole events not yet read, and what came behind them; where in _read their results begin.
    private readonly List<ReadOnlyMemory<byte>> _run = [];
    private XmlFrame? _behind;
    private int _runStart;

    // Results; which of them is in hand, its first tag and which of its elements.
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

    /// <param name="parse">Reads whole events, one result for each: a seam for tests.</param>
    public FeedIntake(
        XmlFeedOptions options, FeedCounters counters, Action<IReadOnlyList<ReadOnlyMemory<byte>>, ICollection<FeedEvent>> parse)
    {
        (_options, _counters, _parse) = (options, counters, parse);
        _framer = new XmlFramer(options.MaxEventBytes, options.MaxDepth);
    }

    public AckWindow Window { get; } = new();

    /// <summary>Whether the client has requested acknowledgements.</summary>
    public bool Acknowledge { get; private set; }

    /// <summary>Why nothing more is taken from this client; null as long as it is welcome.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Takes over bytes. All that came before must have been taken with <see cref="TryPeek"/>.</summary>
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

    /// <summary>The client has sent all it had.</summary>
    public void Complete() => _framer.Complete();

    /// <summary>The next report and its tag; the same until <see cref="Taken"/>. False when more bytes are needed.</summary>
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

    /// <summary>What was peeked at is on its way.</summary>
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

    // Reads all that the framer has; false when it has nothing.
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

    // The parser failed on this run by a bug, not by bad XML: what it had read counts, what it failed on is refused.
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
            Acknowledge = hello.Acknowledge;
        }
    }

    private bool TokenFits(string? token) =>
        string.IsNullOrEmpty(_options.Token)
        || (token is not null
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(_options.Token)));
}

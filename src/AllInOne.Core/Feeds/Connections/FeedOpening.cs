using System.Buffers;

namespace AllInOne.Core.Feeds.Connections;

/// <summary>
/// The check of the first bytes of a connection for another protocol: HTTP, TLS or SSH. A web page can make its browser send an HTTP request with any
/// body to this port; the framer would skip its head as junk and accept the events in the body. The result does not depend on how the stream is cut
/// into packets, and it is known before the first "&lt;".
/// </summary>
internal sealed class FeedOpening
{
    /// <summary>The maximum length of a word. Every method of HTTP is shorter.</summary>
    private const int LongestWord = 64;

    private static readonly SearchValues<byte> Tokens =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private readonly List<byte> _word = [];
    private bool _isDone;

    /// <summary>The other protocol to which the bytes belong; null for a feed, or while it is not decided.</summary>
    public string? Foreign { get; private set; }

    public void Append(in ReadOnlySequence<byte> bytes)
    {
        foreach (var part in bytes)
        {
            foreach (var next in part.Span)
            {
                if (_isDone)
                {
                    return;
                }

                Track(next);
            }
        }
    }

    private void Track(byte next)
    {
        if (_word.Count == 0 && next is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or 0xEF or 0xBB or 0xBF)
        {
            // Skip white space and a byte order mark.
            return;
        }

        _word.Add(next);
        var space = _word.IndexOf((byte)' ');
        if (space >= 0)
        {
            LookAtTarget(Text(space + 1, _word.Count), Text(0, space));
        }
        else if (_word is [0x16, 0x03])
        {
            End("TLS");
        }
        else if (_word.Count == 4 && Text(0, 4) == "SSH-")
        {
            End("SSH");
        }
        else if (_word is not [0x16] && (_word.Count > LongestWord || !Tokens.Contains(next)))
        {
            End(null);
        }
    }

    /// <summary>The target of a request is a path, "*", a URL, or a host after CONNECT.</summary>
    private void LookAtTarget(string target, string method)
    {
        const string Url = "http";
        if (target.Length > 0 && (target[0] is '/' or '*' || method == "CONNECT" || target.Equals(Url, StringComparison.OrdinalIgnoreCase)))
        {
            End("HTTP");
        }
        else if (!Url.StartsWith(target, StringComparison.OrdinalIgnoreCase))
        {
            End(null);
        }
    }

    private string Text(int from, int to) => string.Concat(_word[from..to].Select(value => (char)value));

    private void End(string? foreign) => (_isDone, Foreign) = (true, foreign);
}

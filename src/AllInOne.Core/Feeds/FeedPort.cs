using System.Net;
using System.Net.Sockets;

namespace AllInOne.Core.Feeds;

/// <summary>
/// The port of the feed. It outlives the listener actor: a restart of that closes nothing, so no client that is connecting is
/// turned away. Where it has to be opened again, it is on the port that was resolved the first time.
/// </summary>
internal sealed class FeedPort
{
    private readonly XmlFeedOptions _options;
    private Socket? _socket;
    private volatile bool _stopped;

    public FeedPort(XmlFeedOptions options)
    {
        _options = options;
        EndPoint = FeedAddress.TryParse(options.Listen, out var endPoint, out var problem) ? endPoint : throw new FormatException(problem);
    }

    /// <summary>Where it listens; the port is the resolved one once it was open.</summary>
    public IPEndPoint EndPoint { get; private set; }

    public bool IsOpen => _socket is not null;

    /// <summary>It was open once: then trouble with it is no wrong configuration.</summary>
    public bool WasOpen { get; private set; }

    /// <summary>An accept is under way; its outcome will come to the listener.</summary>
    public bool Accepting { get; set; }

    /// <summary>The feed stops: the port is closed and stays so. Only the listener sets it.</summary>
    public bool Stopped
    {
        get => _stopped;
        set => _stopped = value;
    }

    /// <exception cref="FeedListenException">The port cannot be had.</exception>
    public void Open()
    {
        var socket = new Socket(EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (EndPoint.Address.Equals(IPAddress.IPv6Any))
            {
                // Every address, whichever family.
                socket.DualMode = true;
            }

            socket.Bind(EndPoint);
            socket.Listen(_options.Backlog);
            EndPoint = (IPEndPoint)socket.LocalEndPoint!;
            _socket = socket;
            WasOpen = true;
        }
        catch (SocketException cause)
        {
            socket.Dispose();
            throw new FeedListenException(
                $"Feeds:Xml:Listen: the feed cannot listen on {EndPoint}: {Describe(cause)}", cause);
        }
    }

    public Task<Socket> AcceptAsync() => _socket!.AcceptAsync();

    /// <summary>Whether the connection came to an address that the configuration opens: with one on loopback, to no other.</summary>
    public bool MayServe(Socket socket) => _options.IsOpen || (socket.LocalEndPoint is IPEndPoint local && IPAddress.IsLoopback(local.Address));

    public void Close()
    {
        _socket?.Dispose();
        _socket = null;
    }

    private static string Describe(SocketException cause) => cause.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => "the port is in use",
        SocketError.AccessDenied => "this needs a right that the process does not have",
        SocketError.AddressNotAvailable => "the machine has no such address",
        _ => cause.Message,
    };
}

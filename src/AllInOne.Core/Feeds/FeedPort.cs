using System.Net;
using System.Net.Sockets;

namespace AllInOne.Core.Feeds;

/// <summary>
/// The port of the feed. It outlives the listener actor: a restart of this actor does not close the port, so no client that is connecting is refused.
/// If the port must be opened again, it is the port that was resolved the first time.
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

    /// <summary>The address on which the feed listens. After the first opening it has the resolved port.</summary>
    public IPEndPoint EndPoint { get; private set; }

    public bool IsOpen => _socket is not null;

    /// <summary>Whether the port was open before. Then a failure is not caused by a wrong configuration.</summary>
    public bool WasOpen { get; private set; }

    /// <summary>Whether an accept is active. Its result comes to the listener as a message.</summary>
    public bool Accepting { get; set; }

    /// <summary>Whether the feed stops: the port is closed and stays closed. Only the listener sets it.</summary>
    public bool Stopped
    {
        get => _stopped;
        set => _stopped = value;
    }

    /// <summary>Opens the port.</summary>
    /// <exception cref="FeedListenException">The port cannot be opened.</exception>
    public void Open()
    {
        var socket = new Socket(EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (EndPoint.Address.Equals(IPAddress.IPv6Any))
            {
                // IPv6Any with DualMode accepts connections to all addresses, IPv4 and IPv6.
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

    /// <summary>
    /// Whether the connection came to an address that the configuration allows. If the feed listens on a loopback address, only loopback addresses
    /// are allowed.
    /// </summary>
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

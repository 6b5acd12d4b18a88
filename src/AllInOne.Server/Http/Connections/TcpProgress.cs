using System.Net.Sockets;

namespace AllInOne.Server.Http.Connections;

/// <summary>Reads the progress of a TCP client from the kernel (TCP_INFO of Linux).</summary>
internal static class TcpProgress
{
    // Constants of Linux: IPPROTO_TCP, TCP_INFO, and the offsets of its fields (linux/tcp.h; new fields are only added at the end).
    private const int Tcp = 6;
    private const int TcpInfo = 11;
    private const int Unacknowledged = 24;
    private const int BytesAcknowledged = 120;
    private const int NotSent = 144;
    private const int InfoLength = 148;

    /// <summary>Whether this system reports the progress: Linux since 4.6, unless a sandbox has a shorter TCP_INFO.</summary>
    public static bool IsKnown { get; } = Probe();

    /// <summary>
    /// How many bytes the client has acknowledged while more bytes wait or are in flight. Null if there are no such bytes, or if the number is
    /// unknown.
    /// </summary>
    /// <exception cref="SocketException">The connection is broken.</exception>
    /// <exception cref="ObjectDisposedException">The connection is closed.</exception>
    public static long? Of(Socket socket)
    {
        if (!IsKnown)
        {
            return null;
        }

        Span<byte> info = stackalloc byte[InfoLength];
        return Read(info[..socket.GetRawSocketOption(Tcp, TcpInfo, info)]);
    }

    /// <param name="info">TCP_INFO as the kernel has filled it.</param>
    public static long? Read(ReadOnlySpan<byte> info)
    {
        if (!IsFull(info.Length))
        {
            return null;
        }

        // If the answer of the kernel reaches NotSent, this kernel counts acknowledged bytes. Then zero means that not even the headers arrived.
        var isWaiting = (BitConverter.ToUInt32(info[Unacknowledged..]) | BitConverter.ToUInt32(info[NotSent..])) != 0;
        return isWaiting ? BitConverter.ToInt64(info[BytesAcknowledged..]) : null;
    }

    private static bool IsFull(int length) => length >= InfoLength;

    private static bool Probe()
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            Span<byte> info = stackalloc byte[InfoLength];
            return IsFull(socket.GetRawSocketOption(Tcp, TcpInfo, info));
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

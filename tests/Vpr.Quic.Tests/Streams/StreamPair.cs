using Vpr.Io;
using Vpr.Quic.Recovery;
using Vpr.Quic.Streams;
using Vpr.Wire;
using Vpr.Wire.Quic;

namespace Vpr.Quic.Tests.Streams;

/// <summary>Two stream sets that exchange packets of frames: what is sent is delivered, lost or acknowledged when a test says so.</summary>
internal sealed class StreamPair
{
    public static readonly StreamLimits DefaultLimits = new()
    {
        MaxData = 20_000,
        MaxStreamDataBidiLocal = 6_000,
        MaxStreamDataBidiRemote = 6_000,
        MaxStreamDataUni = 4_000,
        MaxStreamsBidi = 4,
        MaxStreamsUni = 3,
    };

    private readonly SentPacketRing _record = new();

    public StreamPair(StreamLimits? limits = null, int sendBuffer = 8_000)
    {
        StreamLimits both = limits ?? DefaultLimits;
        Client = new StreamSet(true, both, sendBuffer, Pool);
        Server = new StreamSet(false, both, sendBuffer, Pool);
        Client.SetPeerLimits(both);
        Server.SetPeerLimits(both);
    }

    public ChunkPool Pool { get; } = new(256);

    public StreamSet Client { get; }

    public StreamSet Server { get; }

    public void SetClock(Instant now)
    {
        Client.SetClock(now, TimeSpan.FromMilliseconds(10));
        Server.SetClock(now, TimeSpan.FromMilliseconds(10));
    }

    /// <summary>Everything that <paramref name="sender"/> would put in one packet; null when that is nothing.</summary>
    public Packet? Take(StreamSet sender, int size = 1200)
    {
        byte[] bytes = new byte[size];
        int length = sender.WriteFrames(bytes, _record);
        SentFrame[] frames = new SentFrame[_record.OpenFrames];
        for (int i = 0; i < frames.Length; i++) frames[i] = _record.OpenFrame(i);
        _record.DropOpenFrames();
        return length == 0 ? null : new Packet(sender, bytes[..length], frames);
    }

    public TransportErrorCode Deliver(Packet packet)
    {
        StreamFrameVisitor visitor = new(packet.Sender == Client ? Server : Client);
        ReadOnlySpan<byte> rest = packet.Bytes;
        while (!rest.IsEmpty)
        {
            WireStatus status = QuicFrame.Dispatch(rest, ref visitor, out int consumed);
            if (status == WireStatus.Stopped) return visitor.Error;
            Assert.Equal(WireStatus.Done, status);
            rest = rest[consumed..];
        }

        return TransportErrorCode.NoError;
    }

    public static void Acknowledge(Packet packet)
    {
        foreach (SentFrame frame in packet.Frames) packet.Sender.OnFrameAcknowledged(frame);
    }

    public static void Lose(Packet packet)
    {
        foreach (SentFrame frame in packet.Frames) packet.Sender.OnFrameLost(frame);
    }

    /// <summary>Exchanges packets without loss until both are silent.</summary>
    public void Settle()
    {
        bool any = true;
        while (any)
        {
            any = false;
            foreach (StreamSet sender in new[] { Client, Server })
            {
                while (Take(sender) is { } packet)
                {
                    any = true;
                    Assert.Equal(TransportErrorCode.NoError, Deliver(packet));
                    Acknowledge(packet);
                }
            }
        }
    }

    public static List<ConnectionEvent> Events(StreamSet streams)
    {
        List<ConnectionEvent> events = [];
        while (streams.TryTakeEvent(out ConnectionEvent ev)) events.Add(ev);
        return events;
    }

    internal sealed record Packet(StreamSet Sender, byte[] Bytes, SentFrame[] Frames);
}

using System.Diagnostics;
using Vpr.Io;
using Vpr.Masque;
using Vpr.Tunnel;
using Vpr.Wire.Ip;

namespace Vpr.Perf.Micro.Tunnel;

/// <summary>The way of bulk packets through the whole engine, run after run: what a loop does between its devices, without them.</summary>
/// <remarks>
/// A round is a run of datagrams from the client to the server, and the acknowledgement back. Each of the four passages is timed for itself; time
/// on the engine's clock passes between them as on a path with a round trip of 0.2 ms.
/// </remarks>
internal sealed class PacketPath : IDisposable
{
    /// <summary>Bytes of an inner packet.</summary>
    public const int PacketLength = 1300;

    /// <summary>Packets of a round: as many as a super-packet of 64 KiB is cut into.</summary>
    public const int RunLength = 46;

    private const int LongestDatagram = 2048;
    private const int Runs = 16;
    private const int MaxWarmUp = 2_000;
    private static readonly TimeSpan OneWay = TimeSpan.FromMicroseconds(100);

    private readonly EnginePair _pair;
    private readonly DatagramRuns _runs = new(Runs, LongestDatagram);
    private readonly byte[] _packet;
    private readonly byte[] _answer = new byte[LongestDatagram];

    /// <summary>Opens a tunnel and sends until its window holds a run.</summary>
    public PacketPath(bool seals)
    {
        _pair = new EnginePair(seals);
        _pair.Connect(static pair => pair.IsOpen);
        _packet = UdpPacket(_pair);
        int full = 0;
        for (int round = 0; full < 100; round++)
        {
            if (round == MaxWarmUp) throw new InvalidOperationException("The window never held a run.");
            long before = _pair.Arrived.Count;
            Round(new long[Passages.Count]);
            full = _pair.Arrived.Count - before == RunLength ? full + 1 : 0;
        }
    }

    /// <summary>The two ends.</summary>
    public EnginePair Pair => _pair;

    /// <summary>The packet that is sent, as it comes from a TUN device.</summary>
    public ReadOnlySpan<byte> Packet => _packet;

    /// <summary>Sends a run and its acknowledgement.</summary>
    /// <param name="ticks">Receives how long each of <see cref="Passages"/> took, in ticks of <see cref="Stopwatch"/>.</param>
    public void Round(Span<long> ticks)
    {
        _pair.Now += OneWay;
        long start = Stopwatch.GetTimestamp();
        SendRun();
        ticks[Passages.Out] = Lap(ref start);

        _pair.Now += OneWay;
        start = Stopwatch.GetTimestamp();
        ReceiveRun();
        ticks[Passages.In] = Lap(ref start);
        _runs.Clear();

        start = Stopwatch.GetTimestamp();
        int length = _pair.ServerEndpoint.Transmit(_pair.Now, _answer, out _, out EcnCodepoint ecn);
        ticks[Passages.AckOut] = Lap(ref start);
        _pair.Now += OneWay;
        for (; length > 0; length = _pair.ServerEndpoint.Transmit(_pair.Now, _answer, out _, out ecn))
        {
            start = Stopwatch.GetTimestamp();
            _pair.ClientEndpoint.Receive(_pair.Now, EnginePair.ToClient, ecn, _answer.AsSpan(0, length));
            ticks[Passages.AckIn] = Lap(ref start);
        }

        _pair.ClientEndpoint.OnTimeout(_pair.Now);
        _pair.ServerEndpoint.OnTimeout(_pair.Now);
    }

    /// <inheritdoc/>
    public void Dispose() => _pair.Dispose();

    // As the loop does with what it reads from a TUN queue, and at the end of its round.
    private void SendRun()
    {
        TunnelSession session = _pair.Client;
        bool isJudged = session.TryJudge(_packet, PacketLength, out IpPacket judged);
        var slot = new PacketSlot();
        for (int i = 0; i < RunLength; i++)
        {
            int header = session.MeasureHeader(), trailer = session.TrailerLength;
            if (!_runs.TryReserve(header + PacketLength + trailer, isExact: true, TunnelSession.AckRoom, out Span<byte> room, out bool continues))
                throw new InvalidOperationException("The runs are full.");
            slot.Offset = continues ? header : header + TunnelSession.AckRoom;
            slot.Length = PacketLength;
            _packet.CopyTo(room[slot.Offset..]);
            if (isJudged && session.TrySendSegment(_pair.Now, room[..(slot.Offset + PacketLength + trailer)], judged, ref slot)) Commit(slot);
        }

        while (true)
        {
            if (!_runs.TryReserve(LongestDatagram, isExact: false, slack: 0, out Span<byte> room, out _)) throw new InvalidOperationException("The runs are full.");
            slot = new PacketSlot();
            slot.Length = _pair.ClientEndpoint.Transmit(_pair.Now, room[..LongestDatagram], out slot.Path, out slot.Ecn);
            if (slot.Length == 0 && !session.TrySendQueued(_pair.Now, room[..LongestDatagram], ref slot)) return;
            Commit(slot);
        }
    }

    private void Commit(in PacketSlot slot) => _runs.Commit(slot.Offset, slot.Length, slot.Path, slot.Ecn);

    private void ReceiveRun()
    {
        PacketBatch batch = _runs.Batch;
        for (int index = 0; index < batch.Count; index++)
        {
            ref PacketSlot slot = ref batch[index];
            _pair.ServerEndpoint.ReceiveRun(_pair.Now, EnginePair.ToServer, slot.Ecn, batch.Packet(index), slot.SegmentSize);
        }
    }

    private static long Lap(ref long start)
    {
        long now = Stopwatch.GetTimestamp();
        long lap = now - start;
        start = now;
        return lap;
    }

    private static byte[] UdpPacket(EnginePair pair)
    {
        byte[] packet = new byte[PacketLength];
        int length = new Ipv4Header
        {
            InternetHeaderLength = 5, TotalLength = PacketLength, TimeToLive = 64, Protocol = IpProtocol.Udp,
            SourceAddress = (uint)pair.Client.Addresses[0].Address.Value, DestinationAddress = 0xC633_6407,
        }.Write(packet);
        InternetChecksum.WriteIpv4Header(packet.AsSpan(0, length));
        return packet;
    }

    /// <summary>The passages of a round.</summary>
    internal static class Passages
    {
        /// <summary>TUN buffer to wire buffer, the whole run.</summary>
        public const int Out = 0;

        /// <summary>Wire buffer to delivery, the whole run.</summary>
        public const int In = 1;

        /// <summary>The making of the run's acknowledgement.</summary>
        public const int AckOut = 2;

        /// <summary>The taking of the run's acknowledgement.</summary>
        public const int AckIn = 3;

        /// <summary>How many there are.</summary>
        public const int Count = 4;
    }
}

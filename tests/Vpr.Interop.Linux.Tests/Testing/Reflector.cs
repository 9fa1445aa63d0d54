using Vpr.Io;

namespace Vpr.Interop.Linux.Tests;

/// <summary>The far side of a TUN interface: sends every packet back with its addresses exchanged, so that a kernel socket of this side talks to another of this side.</summary>
/// <remarks>The order of addresses does not change a checksum, complete or partial, so a super-packet comes back as the kernel made it.</remarks>
internal sealed class Reflector
{
    private readonly TunDevice _tun;
    private readonly IoBackend _backend;
    private readonly PacketBatch _batch;
    private readonly PacketGather? _gather;

    /// <param name="tun">The interface.</param>
    /// <param name="backend">What moves the packets.</param>
    /// <param name="gathers">Whether packets are written in pieces.</param>
    internal Reflector(TunDevice tun, IoBackend backend, bool gathers)
    {
        _tun = tun;
        _backend = backend;
        _batch = Batches.Create(size: tun.MaxPacketLength);
        _gather = gathers ? new PacketGather(_batch, _batch.Capacity, 64 * _batch.Capacity) : null;
    }

    /// <summary>The longest packet seen.</summary>
    internal int Longest { get; private set; }

    /// <summary>How many packets came with a checksum to complete.</summary>
    internal int PartialChecksums { get; private set; }

    /// <summary>Which super-packets came.</summary>
    internal HashSet<Segmentation> Segmentations { get; } = [];

    /// <summary>Reflects until all of <paramref name="work"/>, each on a thread of this namespace, is done.</summary>
    internal void RunWhile(params Action[] work)
    {
        using LoopPoller poller = LinuxPoller.Open(_backend);
        using EventFd done = new();
        LoopSource<IPacketDevice> source = poller.Add(_tun, _batch);
        LoopSource end = poller.Add(done);
        int running = work.Length;
        List<Exception> failures = [];
        Thread[] threads = [.. work.Select(action => new Thread(() =>
        {
            if (Record.Exception(action) is { } failure) lock (failures) failures.Add(failure);
            if (Interlocked.Decrement(ref running) == 0) done.Signal();
        }))];
        foreach (Thread thread in threads) thread.Start();
        while (!end.IsReadable)
        {
            poller.Wait(Instant.Never);
            Reflect(source.Device);
        }

        foreach (Thread thread in threads) thread.Join();
        poller.Remove(source);
        poller.Remove(end);
        Assert.Empty(failures);
    }

    private void Reflect(IPacketDevice device)
    {
        _batch.Clear();
        int count = device.Read(_batch);
        for (int i = 0; i < count; i++)
        {
            Exchange(_batch.Packet(i));
            ref PacketSlot slot = ref _batch[i];
            Longest = Math.Max(Longest, slot.Length);
            if (slot.Checksum.IsNeeded) PartialChecksums++;
            if (slot.Segmentation != Segmentation.None) Segmentations.Add(slot.Segmentation);
        }

        if (_gather is null)
        {
            Assert.Equal(count, device.Write(_batch));
            return;
        }

        _gather.Clear();
        for (int i = 0; i < count; i++) Gather(_gather, _batch.Packet(i), _batch[i]);
        Assert.Equal(count, device.Write(_gather, 0));
    }

    /// <summary>Adds a packet in pieces of uneven sizes.</summary>
    private static void Gather(PacketGather gather, Span<byte> packet, in PacketSlot slot)
    {
        int headers = slot.Segmentation switch
        {
            Segmentation.None => 0,
            Segmentation.Udp => slot.Checksum.Start + 8,
            _ => slot.Checksum.Start + (packet[slot.Checksum.Start + 12] >> 4) * 4,
        };
        int at = Math.Min(packet.Length, headers + 1), index = gather.Add(packet[..at]);
        for (int piece = 3; at < packet.Length; at += piece, piece = 1 + piece * 7 % 3001) Assert.True(gather.TryAppend(index, packet[at..Math.Min(packet.Length, at + piece)]));
        gather[index].Segmentation = slot.Segmentation;
        gather[index].SegmentSize = slot.SegmentSize;
        gather[index].HeaderLength = headers;
        gather[index].Checksum = slot.Checksum;
    }

    private static void Exchange(Span<byte> packet)
    {
        (int start, int length) = packet[0] >> 4 == 4 ? (12, 4) : (8, 16);
        Span<byte> source = packet.Slice(start, length), destination = packet.Slice(start + length, length);
        for (int i = 0; i < length; i++) (source[i], destination[i]) = (destination[i], source[i]);
    }
}

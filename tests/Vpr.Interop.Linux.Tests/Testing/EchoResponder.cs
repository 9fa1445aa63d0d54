using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Vpr.Io;

namespace Vpr.Interop.Linux.Tests;

/// <summary>The far side of a TUN interface: answers ICMP echo (RFC 792) for every address.</summary>
internal static class EchoResponder
{
    private const int Ipv4Header = 20;
    private const byte Icmp = 1;

    /// <summary>Answers until the program ends, waiting on the poller the test gives, or on epoll.</summary>
    internal static void RunUntilExit(TunDevice tun, Process process, IoBackend backend = IoBackend.Epoll)
    {
        using LoopPoller poller = LinuxPoller.Open(backend);
        using EventFd exited = new();
        LoopSource<IPacketDevice> source = poller.Add(tun);
        LoopSource end = poller.Add(exited);
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => exited.Signal();
        if (process.HasExited) exited.Signal();
        PacketBatch batch = Batches.Create(), replies = Batches.Create();
        while (!end.IsReadable)
        {
            poller.Wait(Instant.Never);
            batch.Clear();
            replies.Clear();
            source.Device.Read(batch);
            for (int i = 0; i < batch.Count; i++) Answer(batch.Packet(i), replies);
            Assert.Equal(replies.Count, source.Device.Write(replies));
        }

        process.WaitForExit();
        poller.Remove(source);
        poller.Remove(end);
    }

    /// <summary>Whether a ping that has ended had its answers; one that is given a deadline by -w asks on until it has, however late they are on a busy machine.</summary>
    internal static void AssertAnswered(Process ping, int count)
    {
        string output = ping.StandardOutput.ReadToEnd() + ping.StandardError.ReadToEnd();
        Match received = Regex.Match(output, @"(\d+) received");
        Assert.True(received.Success && int.Parse(received.Groups[1].ValueSpan, CultureInfo.InvariantCulture) >= count, output);
    }

    /// <summary>An echo request as IPv4 carries it.</summary>
    internal static byte[] Request(string from, string to, ushort sequence)
    {
        byte[] packet = new byte[Ipv4Header + 8 + 32];
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        packet[8] = 64;
        packet[9] = Icmp;
        IPAddress.Parse(from).TryWriteBytes(packet.AsSpan(12), out _);
        IPAddress.Parse(to).TryWriteBytes(packet.AsSpan(16), out _);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), Checksum(packet.AsSpan(0, Ipv4Header)));
        packet[20] = 8;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(26), sequence);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(22), Checksum(packet.AsSpan(Ipv4Header)));
        return packet;
    }

    private static void Answer(Span<byte> packet, PacketBatch replies)
    {
        if (packet.Length < Ipv4Header + 8 || packet[0] != 0x45 || packet[9] != Icmp || packet[20] != 8) return;
        Span<byte> reply = packet.ToArray();
        packet[12..16].CopyTo(reply[16..]);
        packet[16..20].CopyTo(reply[12..]);
        reply[20] = 0;
        reply[22..24].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(reply[22..], Checksum(reply[Ipv4Header..]));
        replies.Append(reply);
    }

    private static ushort Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (int i = 0; i < bytes.Length; i += 2) sum += (uint)(bytes[i] << 8 | (i + 1 < bytes.Length ? bytes[i + 1] : 0));
        while (sum > 0xFFFF) sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)(~sum & 0xFFFF);
    }
}

using System.Buffers.Binary;

namespace Vpr.Perf.Lab.Load;

/// <summary>What a datagram of the load generator is for.</summary>
internal enum UdpProbeKind : byte
{
    /// <summary>Counted.</summary>
    Load = 1,

    /// <summary>Asks how many of a trial arrived.</summary>
    Question = 2,

    /// <summary>Says how many.</summary>
    Answer = 3,
}

/// <summary>The datagrams of the load generator: kind, trial, and in an answer a count; the rest is padding.</summary>
internal static class UdpProbePacket
{
    /// <summary>Bytes of the shortest.</summary>
    public const int MinimumSize = 16;

    // Nobody else speaks to the sink, but a stray datagram must not be counted.
    private const ushort Mark = 0x5650;

    /// <summary>Writes one.</summary>
    public static void Write(Span<byte> destination, UdpProbeKind kind, uint trial, ulong count)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, Mark);
        destination[2] = (byte)kind;
        destination[3] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], trial);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], count);
    }

    /// <summary>Reads one.</summary>
    /// <returns>False when it is something else.</returns>
    public static bool TryRead(ReadOnlySpan<byte> source, out UdpProbeKind kind, out uint trial, out ulong count)
    {
        kind = default;
        trial = 0;
        count = 0;
        if (source.Length < MinimumSize || BinaryPrimitives.ReadUInt16BigEndian(source) != Mark) return false;
        kind = (UdpProbeKind)source[2];
        trial = BinaryPrimitives.ReadUInt32BigEndian(source[4..]);
        count = BinaryPrimitives.ReadUInt64BigEndian(source[8..]);
        return kind is UdpProbeKind.Load or UdpProbeKind.Question or UdpProbeKind.Answer;
    }
}

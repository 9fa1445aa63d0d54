using System.Runtime.CompilerServices;
using Vpr.Wire.Ip;
using Vpr.Wire.Masque;
using Vpr.Wire.Quic;

namespace Vpr.Perf.Micro.Wire;

/// <summary>
/// Emitted parsers beside hand-written ones, paired in one run: <c>Vpr.Perf.Micro parsers</c>. They may take 1.05 of the time and
/// allocate nothing.
/// </summary>
internal static class ParserComparison
{
    private const double Allowed = 1.05;
    private const int Repetitions = 32_768;
    private const int Attempts = 3;

    private static readonly byte[] Ipv4 = Packet("450005140000400040060000C0000201C6336402");
    private static readonly byte[] Ipv6 = Packet("6ABCDEF104D8064020010DB8000000000000000000000001" + "20010DB8000000000000000000000002");
    private static readonly byte[] Frame = Packet("30");
    private static readonly byte[] FrameWithLength = Packet("3144B0");
    private static readonly byte[] Capsule = Packet("0044B0");

    /// <summary>Compares all and prints a table.</summary>
    /// <returns>0; 1 where a parser is slower than allowed or allocates.</returns>
    public static int Run()
    {
        Console.WriteLine($"{"parser",-22} {"emitted",10} {"by hand",10} {"ratio",7} {"allocated",10}");
        bool isGood = Row("IPv4", EmittedIpv4, HandWrittenIpv4Turn);
        isGood &= Row("IPv6", EmittedIpv6, HandWrittenIpv6Turn);
        isGood &= Row("DATAGRAM frame", EmittedFrame, HandWrittenFrame);
        isGood &= Row("DATAGRAM with length", EmittedFrameWithLength, HandWrittenFrameWithLength);
        isGood &= Row("capsule", EmittedCapsule, HandWrittenCapsule);
        return isGood ? 0 : 1;
    }

    // A machine that is busy with something else may spoil one run: the best of a few is the parser's own time.
    private static bool Row(string name, PairedRun.Turn emitted, PairedRun.Turn written)
    {
        PairedResult best = PairedRun.Compare(Repetitions, emitted, written);
        for (int attempt = 1; attempt < Attempts && best.Ratio > Allowed; attempt++)
        {
            PairedResult next = PairedRun.Compare(Repetitions, emitted, written);
            if (next.Ratio < best.Ratio)
                best = next;
        }
        Console.WriteLine($"{name,-22} {best.Measured,7:F2} ns {best.Baseline,7:F2} ns {best.Ratio,7:F3} {best.Allocated,8} B");
        return best is { Ratio: <= Allowed, Allocated: 0 };
    }

    private static byte[] Packet(string start)
    {
        byte[] packet = new byte[1400];
        Convert.FromHexString(start).CopyTo(packet, 0);
        return packet;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long EmittedIpv4(int repetitions)
    {
        long sum = 0;
        for (; repetitions > 0; repetitions--)
        {
            if (Ipv4Header.TryParse(Ipv4, out Ipv4Header header, out int consumed))
                sum += header.TotalLength + header.SourceAddress + header.DestinationAddress + (int)header.Protocol + header.TimeToLive + header.Options.Length + consumed;
        }
        return sum;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long HandWrittenIpv4Turn(int repetitions)
    {
        long sum = 0;
        for (; repetitions > 0; repetitions--)
        {
            if (HandWrittenIpv4.TryParse(Ipv4, out HandWrittenIpv4 header, out int consumed))
                sum += header.TotalLength + header.SourceAddress + header.DestinationAddress + (int)header.Protocol + header.TimeToLive + header.Options.Length + consumed;
        }
        return sum;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long EmittedIpv6(int repetitions)
    {
        long sum = 0;
        for (; repetitions > 0; repetitions--)
        {
            if (Ipv6Header.TryParse(Ipv6, out Ipv6Header header, out int consumed))
                sum += header.PayloadLength + (long)(ulong)header.SourceAddress + (long)(ulong)header.DestinationAddress + (int)header.NextHeader + header.HopLimit + header.FlowLabel + consumed;
        }
        return sum;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long HandWrittenIpv6Turn(int repetitions)
    {
        long sum = 0;
        for (; repetitions > 0; repetitions--)
        {
            if (HandWrittenIpv6.TryParse(Ipv6, out HandWrittenIpv6 header, out int consumed))
                sum += header.PayloadLength + (long)(ulong)header.SourceAddress + (long)(ulong)header.DestinationAddress + (int)header.NextHeader + header.HopLimit + header.FlowLabel + consumed;
        }
        return sum;
    }

    private static long EmittedFrame(int repetitions) => EmittedFrame(Frame, repetitions);

    private static long EmittedFrameWithLength(int repetitions) => EmittedFrame(FrameWithLength, repetitions);

    private static long HandWrittenFrame(int repetitions) => HandWrittenFrame(Frame, repetitions);

    private static long HandWrittenFrameWithLength(int repetitions) => HandWrittenFrame(FrameWithLength, repetitions);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long EmittedFrame(byte[] source, int repetitions)
    {
        long sum = 0;
        for (; repetitions > 0; repetitions--)
        {
            if (DatagramFrame.TryParse(source, out DatagramFrame frame, out int consumed))
                sum += frame.Data.Length + frame.Data[0] + consumed;
        }
        return sum;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long HandWrittenFrame(byte[] source, int repetitions)
    {
        long sum = 0;
        for (; repetitions > 0; repetitions--)
        {
            if (HandWrittenDatagramFrame.TryParse(source, out HandWrittenDatagramFrame frame, out int consumed))
                sum += frame.Data.Length + frame.Data[0] + consumed;
        }
        return sum;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long EmittedCapsule(int repetitions)
    {
        long sum = 0;
        for (; repetitions > 0; repetitions--)
        {
            if (DatagramCapsule.TryParse(Capsule, out DatagramCapsule capsule, out int consumed))
                sum += capsule.HttpDatagramPayload.Length + capsule.HttpDatagramPayload[0] + consumed;
        }
        return sum;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long HandWrittenCapsule(int repetitions)
    {
        long sum = 0;
        for (; repetitions > 0; repetitions--)
        {
            if (HandWrittenDatagramCapsule.TryParse(Capsule, out HandWrittenDatagramCapsule capsule, out int consumed))
                sum += capsule.Payload.Length + capsule.Payload[0] + consumed;
        }
        return sum;
    }
}

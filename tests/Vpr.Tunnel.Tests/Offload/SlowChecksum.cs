namespace Vpr.Tunnel.Tests.Offload;

/// <summary>The Internet checksum as RFC 1071 §1 tells it: word by word, the carry brought back at once.</summary>
internal static class SlowChecksum
{
    public static ushort Sum(ReadOnlySpan<byte> data, ushort sum)
    {
        for (int at = 0; at < data.Length; at += 2)
            sum = Add(sum, (ushort)(data[at] << 8 | (at + 1 < data.Length ? data[at + 1] : 0)));
        return sum;
    }

    /// <summary>The sum of the pseudo-header: RFC 9293 §3.1, RFC 768, RFC 8200 §8.1.</summary>
    public static ushort PseudoHeader(InnerPacketShape shape, int length)
    {
        ushort sum = Sum(Address(shape, shape.Source), 0);
        sum = Sum(Address(shape, shape.FinalDestination ?? shape.Destination), sum);
        sum = Add(sum, (ushort)(shape.IsUdp ? 17 : 6));
        return Add(sum, (ushort)length);
    }

    public static byte[] Address(InnerPacketShape shape, byte host) =>
        shape.IsIpv6 ? [0xFD, 0, 0, 0x86, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, host] : [10, 86, 0, host];

    private static ushort Add(ushort sum, ushort word)
    {
        int wide = sum + word;
        return (ushort)(wide > ushort.MaxValue ? wide - ushort.MaxValue : wide);
    }
}

namespace Vpr.Wire.Ip;

/// <summary>An IPv4 packet: its header and the payload that the header measures.</summary>
/// <remarks>RFC 791 §3.1. Written by hand because the payload's length is the difference of two fields.</remarks>
public readonly ref struct Ipv4Packet
{
    private Ipv4Packet(Ipv4Header header, ReadOnlySpan<byte> payload)
    {
        Header = header;
        Payload = payload;
    }

    /// <summary>The header.</summary>
    public Ipv4Header Header { get; }

    /// <summary>What the header's Total Length counts behind the header; bytes after it, such as Ethernet padding, are left out.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Reads a packet.</summary>
    /// <param name="source">Bytes that begin with the packet.</param>
    /// <param name="value">The view; the default where it fails.</param>
    /// <returns>False where the header is malformed or the packet cut short.</returns>
    public static bool TryParse(ReadOnlySpan<byte> source, out Ipv4Packet value)
    {
        value = default;
        if (!Ipv4Header.TryParse(source, out Ipv4Header header, out int consumed) || source.Length < header.TotalLength)
            return false;
        value = new Ipv4Packet(header, source[consumed..header.TotalLength]);
        return true;
    }
}

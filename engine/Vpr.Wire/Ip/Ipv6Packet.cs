namespace Vpr.Wire.Ip;

/// <summary>An IPv6 packet: its header, its extension headers and the payload behind them.</summary>
/// <remarks>RFC 8200 §3, §4. Written by hand because the chain of extension headers has no length of its own.</remarks>
public readonly ref struct Ipv6Packet
{
    private Ipv6Packet(Ipv6Header header, Ipv6ExtensionHeaders extensions)
    {
        Header = header;
        Extensions = extensions;
    }

    /// <summary>The header.</summary>
    public Ipv6Header Header { get; }

    /// <summary>The extension headers; none in most packets.</summary>
    public Ipv6ExtensionHeaders Extensions { get; }

    /// <summary>What follows all IPv6 headers.</summary>
    public IpProtocol Protocol => Extensions.Protocol;

    /// <summary>The upper-layer packet, or a part of it where <see cref="Ipv6ExtensionHeaders.IsFragment"/>.</summary>
    public ReadOnlySpan<byte> Payload => Extensions.Payload;

    /// <summary>Reads a packet.</summary>
    /// <param name="source">Bytes that begin with the packet.</param>
    /// <param name="value">The view; the default where it fails.</param>
    /// <returns>False where a header is malformed or the packet cut short.</returns>
    public static bool TryParse(ReadOnlySpan<byte> source, out Ipv6Packet value)
    {
        value = default;
        if (!Ipv6Header.TryParse(source, out Ipv6Header header, out int consumed) || source.Length - consumed < header.PayloadLength)
            return false;
        if (!Ipv6ExtensionHeaders.TryParse(header.NextHeader, source.Slice(consumed, header.PayloadLength), out Ipv6ExtensionHeaders extensions))
            return false;
        value = new Ipv6Packet(header, extensions);
        return true;
    }
}

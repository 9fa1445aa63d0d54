namespace Vpr.Wire.Ip;

/// <summary>The IP Authentication Header: what follows is authenticated, and in the clear.</summary>
/// <remarks>RFC 4302 §2</remarks>
[WireFormat]
[MemberOf(typeof(IpNextHeader), (ulong)IpProtocol.Authentication)]
public readonly ref partial struct AuthenticationHeader
{
    /// <summary>What follows this header.</summary>
    public IpProtocol NextHeader { get; init; }

    /// <summary>This header's length in 32-bit words, less two; at least 1.</summary>
    [Between(1, 255)]
    public byte PayloadLength { get; init; }

    /// <summary>0; ignored by receivers.</summary>
    public ushort Reserved { get; init; }

    /// <summary>Names the security association.</summary>
    public uint SecurityParametersIndex { get; init; }

    /// <summary>Counts the packets of the association.</summary>
    public uint SequenceNumber { get; init; }

    /// <summary>The integrity check value and its padding, 0 to 1016 bytes.</summary>
    [LengthFrom(nameof(PayloadLength), Unit = 4, Bias = -1)]
    public ReadOnlySpan<byte> IntegrityCheckValue { get; init; }
}

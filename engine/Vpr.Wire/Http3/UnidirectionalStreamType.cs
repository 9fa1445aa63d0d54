namespace Vpr.Wire.Http3;

/// <summary>What a one-way stream is for: the variable-length integer it begins with.</summary>
/// <remarks>RFC 9114 §6.2, RFC 9204 §4.2. A stream of another type is not read.</remarks>
public enum UnidirectionalStreamType : ulong
{
    /// <summary>SETTINGS, GOAWAY and what else concerns the connection.</summary>
    Control = 0x00,

    /// <summary>A server push.</summary>
    Push = 0x01,

    /// <summary>Instructions from a QPACK encoder.</summary>
    QpackEncoder = 0x02,

    /// <summary>Instructions from a QPACK decoder.</summary>
    QpackDecoder = 0x03,
}

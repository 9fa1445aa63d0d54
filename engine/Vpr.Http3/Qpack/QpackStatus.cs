namespace Vpr.Http3;

/// <summary>How the decoding of a field section ended.</summary>
internal enum QpackStatus : byte
{
    /// <summary>All lines are decoded.</summary>
    Done,

    /// <summary>The section cannot be decoded: a connection error QPACK_DECOMPRESSION_FAILED; RFC 9204 §2.2.</summary>
    DecompressionFailed,

    /// <summary>The section is larger than we take; RFC 9114 §4.2.2. Concerns its stream alone: no state of the decoder depends on it.</summary>
    TooLarge,
}

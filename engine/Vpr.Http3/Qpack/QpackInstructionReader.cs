using System.Buffers;

namespace Vpr.Http3;

/// <summary>Follows the peer's encoder and decoder streams as far as a dynamic table of capacity 0 lets them say anything.</summary>
/// <remarks>RFC 9204 §4.3 and §4.4. Takes bytes as they come; an instruction that is cut off is kept until its rest arrives.</remarks>
internal struct QpackInstructionReader
{
    private PartialInstruction _partial;
    private int _partialLength;

    /// <summary>Reads from the peer's encoder stream.</summary>
    /// <remarks>
    /// §4.3.1 permits setting the capacity to 0, the most we offered. Every other instruction inserts an entry, and no entry fits
    /// (§3.2.2), or copies one, and none exists.
    /// </remarks>
    /// <returns>False for a connection error QPACK_ENCODER_STREAM_ERROR.</returns>
    public bool TryReadEncoderStream(ReadOnlySpan<byte> bytes)
    {
        foreach (byte octet in bytes)
        {
            if (_partialLength == 0 && (octet & 0xe0) != 0x20) return false;
            if (!TryAdvance(octet, 5, out bool complete, out ulong capacity) || (complete && capacity != 0)) return false;
        }

        return true;
    }

    /// <summary>Reads from the peer's decoder stream.</summary>
    /// <remarks>
    /// §4.4.2, Stream Cancellation, may name any stream. A Section Acknowledgment (§4.4.1) or an Insert Count Increment (§4.4.3)
    /// speaks of references and entries that we never made.
    /// </remarks>
    /// <returns>False for a connection error QPACK_DECODER_STREAM_ERROR.</returns>
    public bool TryReadDecoderStream(ReadOnlySpan<byte> bytes)
    {
        foreach (byte octet in bytes)
        {
            if (_partialLength == 0 && (octet & 0xc0) != 0x40) return false;
            if (!TryAdvance(octet, 6, out _, out _)) return false;
        }

        return true;
    }

    private bool TryAdvance(byte octet, int prefixBits, out bool complete, out ulong value)
    {
        Span<byte> partial = _partial;
        partial[_partialLength++] = octet;
        OperationStatus status = PrefixedInteger.Read(partial[.._partialLength], prefixBits, out value, out _);
        complete = status == OperationStatus.Done;
        if (complete) _partialLength = 0;
        return status != OperationStatus.InvalidData;
    }

    [System.Runtime.CompilerServices.InlineArray(PrefixedInteger.MaxLength)]
    private struct PartialInstruction
    {
        private byte _first;
    }
}

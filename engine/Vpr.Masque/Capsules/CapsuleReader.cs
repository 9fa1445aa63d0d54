using System.Buffers;
using Vpr.Wire.Masque;
using Vpr.Wire.Noise;

namespace Vpr.Masque;

/// <summary>Cuts the data of a request stream into capsules, in whatever pieces it arrives.</summary>
/// <remarks>
/// RFC 9297 §3.2 and §3.3. A capsule that lies whole in a piece is handed out where it lies; only one that is torn is copied, into memory that
/// is bounded and pooled. Capsules of unknown types are passed over without being kept, however long they are.
/// </remarks>
internal sealed class CapsuleReader : IDisposable
{
    /// <summary>The longest capsule that is kept, in bytes with type and length: an HTTP Datagram with the largest IP packet, or a handshake message.</summary>
    public const int MaxLength = 66 << 10;

    private const int MaxHeaderLength = 16;

    private byte[] _torn = [];
    private int _have;
    private int _need;
    private ulong _skip;

    /// <summary>Whether no capsule is under way: the stream may end here.</summary>
    public bool IsAtBoundary => _have == 0 && _skip == 0;

    /// <summary>Takes bytes up to the end of the next capsule.</summary>
    /// <param name="source">What arrived; what is taken is cut off in front.</param>
    /// <param name="type">The capsule's type, when it is complete.</param>
    /// <param name="capsule">The whole capsule, type and length in front: valid until the next call, and free to be overwritten.</param>
    /// <returns>What came of it.</returns>
    public CapsuleStatus Read(ref Span<byte> source, out ulong type, out Span<byte> capsule)
    {
        type = 0;
        capsule = default;
        if (_have == 0 && _torn.Length > MaxHeaderLength) Release(); // the torn capsule was handed out before
        while (!source.IsEmpty)
        {
            if (_skip > 0)
            {
                int skipped = (int)Math.Min(_skip, (ulong)source.Length);
                source = source[skipped..];
                _skip -= (ulong)skipped;
                continue;
            }

            CapsuleStatus status = _have == 0 ? ReadWhole(ref source, out type, out capsule) : ReadTorn(ref source, out type, out capsule);
            if (status != CapsuleStatus.NeedMoreData) return status;
        }

        return CapsuleStatus.NeedMoreData;
    }

    /// <inheritdoc/>
    public void Dispose() => Release();

    /// <summary>Whether a type means something here: RFC 9297 §3.5, RFC 9484 §4.7, and the tunnel's own.</summary>
    private static bool IsKnown(ulong type) => type
        is DatagramCapsule.WireType or AddressAssignCapsule.WireType or AddressRequestCapsule.WireType or RouteAdvertisementCapsule.WireType
        or RegisterContextCapsule.WireType or CloseContextCapsule.WireType or RekeyInitiateCapsule.WireType or RekeyRespondCapsule.WireType;

    private CapsuleStatus ReadWhole(ref Span<byte> source, out ulong type, out Span<byte> capsule)
    {
        capsule = default;
        if (Capsule.TryParseHeader(source, out type, out ulong length, out int header) != OperationStatus.Done)
        {
            Keep(ref source, source.Length, MaxHeaderLength);
            return CapsuleStatus.NeedMoreData;
        }

        if (!IsKnown(type))
        {
            source = source[header..];
            _skip = length;
            return CapsuleStatus.NeedMoreData;
        }

        if (length > MaxLength - MaxHeaderLength) return CapsuleStatus.TooLong;
        int total = header + (int)length;
        if (total > source.Length)
        {
            _need = total;
            Keep(ref source, source.Length, total);
            return CapsuleStatus.NeedMoreData;
        }

        capsule = source[..total];
        source = source[total..];
        return CapsuleStatus.Complete;
    }

    private CapsuleStatus ReadTorn(ref Span<byte> source, out ulong type, out Span<byte> capsule)
    {
        capsule = default;
        type = 0;
        if (_need == 0)
        {
            Keep(ref source, 1, MaxHeaderLength);
            if (Capsule.TryParseHeader(_torn.AsSpan(0, _have), out type, out ulong length, out int header) != OperationStatus.Done)
                return CapsuleStatus.NeedMoreData;
            if (!IsKnown(type))
            {
                _have = 0;
                _skip = length;
                return CapsuleStatus.NeedMoreData;
            }

            if (length > MaxLength - MaxHeaderLength) return CapsuleStatus.TooLong;
            _need = header + (int)length;
        }

        Keep(ref source, Math.Min(_need - _have, source.Length), _need);
        if (_have < _need) return CapsuleStatus.NeedMoreData;
        Capsule.TryParseHeader(_torn, out type, out _, out _);
        capsule = _torn.AsSpan(0, _need);
        _have = 0;
        _need = 0;
        return CapsuleStatus.Complete;
    }

    private void Keep(ref Span<byte> source, int count, int capacity)
    {
        if (_torn.Length < capacity)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(capacity);
            _torn.AsSpan(0, _have).CopyTo(larger);
            int have = _have;
            int need = _need;
            Release();
            (_torn, _have, _need) = (larger, have, need);
        }

        source[..count].CopyTo(_torn.AsSpan(_have));
        _have += count;
        source = source[count..];
    }

    private void Release()
    {
        if (_torn.Length > 0) ArrayPool<byte>.Shared.Return(_torn);
        _torn = [];
        _have = 0;
        _need = 0;
    }
}

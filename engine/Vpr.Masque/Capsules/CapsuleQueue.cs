using System.Buffers;
using Vpr.Wire;

namespace Vpr.Masque;

/// <summary>Capsules that wait for the request stream to take them.</summary>
/// <remarks>Bounded: capsules of control are few, and datagrams that find no room are dropped as the network would.</remarks>
internal sealed class CapsuleQueue : IDisposable
{
    /// <summary>How many bytes may wait.</summary>
    public const int Capacity = 256 << 10;

    private byte[] _octets = [];
    private int _start;
    private int _length;

    /// <summary>What waits, first byte first; valid until the queue changes.</summary>
    public ReadOnlySpan<byte> Pending => _octets.AsSpan(_start, _length);

    /// <summary>Adds a capsule at the end.</summary>
    /// <returns>False when it does not fit.</returns>
    public bool TryAdd<T>(scoped in T capsule)
        where T : IWireFormat<T>, allows ref struct
    {
        int length = capsule.EncodedLength;
        if (length > Capacity - _length) return false;
        capsule.Write(Reserve(length));
        return true;
    }

    /// <summary>Removes what the stream took.</summary>
    public void Advance(int count)
    {
        _start += count;
        _length -= count;
        if (_length == 0) Dispose();
    }

    /// <summary>Drops everything.</summary>
    public void Dispose()
    {
        if (_octets.Length > 0) ArrayPool<byte>.Shared.Return(_octets);
        _octets = [];
        _start = 0;
        _length = 0;
    }

    private Span<byte> Reserve(int length)
    {
        if (_octets.Length - _start - _length < length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(1024, 2 * (_length + length)));
            Pending.CopyTo(larger);
            int kept = _length;
            Dispose();
            _octets = larger;
            _length = kept;
        }

        Span<byte> reserved = _octets.AsSpan(_start + _length, length);
        _length += length;
        return reserved;
    }
}

using System.Buffers;

namespace Vpr.Masque;

/// <summary>Keeps a few datagrams that overtook the capsule which registers their context.</summary>
/// <remarks>
/// RFC 9484 §6 lets a receiver drop or buffer them. DATAGRAM frames do pass stream data within one flight, and dropping would cost the first
/// packets after every connect. Bounded by <see cref="Capacity"/> and <see cref="MaxBytes"/> a session; what does not fit is dropped.
/// </remarks>
internal sealed class EarlyContextDatagrams : IDisposable
{
    /// <summary>How many datagrams are kept.</summary>
    public const int Capacity = 16;

    /// <summary>How many bytes are kept.</summary>
    public const int MaxBytes = 16 << 10;

    private readonly (ulong Context, int Start, int Length)[] _entries = new (ulong, int, int)[Capacity];
    private byte[] _octets = [];
    private int _count;
    private int _used;

    /// <summary>Keeps a copy of a payload, if there is room.</summary>
    public void Add(ulong context, ReadOnlySpan<byte> payload)
    {
        if (_count == Capacity || payload.Length > MaxBytes - _used) return;
        if (_octets.Length == 0) _octets = ArrayPool<byte>.Shared.Rent(MaxBytes);
        payload.CopyTo(_octets.AsSpan(_used));
        _entries[_count++] = (context, _used, payload.Length);
        _used += payload.Length;
    }

    /// <summary>Hands out the payloads of a context that is known now. All others are forgotten with them: they came too early for too long.</summary>
    public void Deliver(ConnectIpSession session, in DatagramContext context, IConnectIpHandler handler)
    {
        for (int i = 0; i < _count; i++)
            if (_entries[i].Context == context.Id) handler.OnContextDatagram(session, context, _octets.AsSpan(_entries[i].Start, _entries[i].Length));
        Dispose();
    }

    /// <summary>Forgets everything.</summary>
    public void Dispose()
    {
        if (_octets.Length > 0) ArrayPool<byte>.Shared.Return(_octets);
        _octets = [];
        _count = 0;
        _used = 0;
    }
}

namespace Vpr.Tunnel;

/// <summary>Payloads that wait until the congestion window or the pacer lets them go; the newest is dropped when it is full.</summary>
/// <remarks>Memory is taken when the first packet waits and kept for the session's life; nothing is allocated afterwards.</remarks>
internal sealed class PacketQueue
{
    /// <summary>Payloads that wait at most.</summary>
    public const int Capacity = 256;

    /// <summary>Bytes of the longest payload.</summary>
    public const int MaxPayload = 1600;

    private readonly int[] _lengths = new int[Capacity];
    private byte[]? _octets;
    private int _first;
    private int _count;

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => _count == 0;

    /// <summary>The payload that has waited longest; valid until <see cref="RemoveFirst"/>.</summary>
    public ReadOnlySpan<byte> First => Slot(_first)[.._lengths[_first]];

    /// <summary>Copies a payload to the end.</summary>
    /// <returns>False when there is no room, or the payload is too long.</returns>
    public bool TryAdd(ReadOnlySpan<byte> payload)
    {
        if (_count == Capacity || payload.Length > MaxPayload) return false;
        _octets ??= new byte[Capacity * MaxPayload];
        int index = (_first + _count++) % Capacity;
        _lengths[index] = payload.Length;
        payload.CopyTo(Slot(index));
        return true;
    }

    /// <summary>Removes the payload that has waited longest.</summary>
    public void RemoveFirst()
    {
        _first = (_first + 1) % Capacity;
        _count--;
    }

    private Span<byte> Slot(int index) => _octets.AsSpan(index * MaxPayload, MaxPayload);
}

using Vpr.Wire.Noise;

namespace Vpr.Masque;

/// <summary>The contexts of one request, open and closed: an ID is given out once.</summary>
/// <remarks>RFC 9484 §5. Small and bounded: a session has one context, or one more while it changes.</remarks>
internal sealed class ContextTable(bool isServer)
{
    /// <summary>How many contexts a session may ever have.</summary>
    public const int Capacity = 32;

    private readonly DatagramContext[] _contexts = new DatagramContext[Capacity];
    private readonly bool[] _open = new bool[Capacity];
    private int _count;
    private ulong _next = isServer ? 1UL : 2UL;

    /// <summary>Gives out a context of ours.</summary>
    /// <exception cref="InvalidOperationException">There were too many.</exception>
    public DatagramContext Allocate(ContextFormat format, byte epoch)
    {
        if (_count == Capacity) throw new InvalidOperationException("The session has had as many contexts as it may.");
        DatagramContext context = new(_next, format, epoch);
        _next += 2;
        Add(context);
        return context;
    }

    /// <summary>Takes a context that the peer gives out.</summary>
    /// <returns>False when the ID is not its to give, was given before, or there are too many.</returns>
    public bool TryRegister(in DatagramContext context)
    {
        if (!CanBeRegistered(context.Id)) return false;
        Add(context);
        return true;
    }

    /// <summary>Whether the peer may still register an ID: it is its to give, and was not given.</summary>
    public bool CanBeRegistered(ulong id)
    {
        bool fromServer = (id & 1) == 1;
        if (_count == Capacity || fromServer == isServer) return false;
        for (int i = 0; i < _count; i++)
            if (_contexts[i].Id == id) return false;
        return true;
    }

    /// <summary>Finds an open context.</summary>
    public bool TryFind(ulong id, out DatagramContext context)
    {
        int index = IndexOf(id);
        context = index < 0 ? default : _contexts[index];
        return index >= 0;
    }

    /// <summary>Closes an open context.</summary>
    public bool TryClose(ulong id, out DatagramContext context)
    {
        int index = IndexOf(id);
        context = index < 0 ? default : _contexts[index];
        if (index >= 0) _open[index] = false;
        return index >= 0;
    }

    private int IndexOf(ulong id)
    {
        for (int i = 0; i < _count; i++)
            if (_contexts[i].Id == id && _open[i]) return i;
        return -1;
    }

    private void Add(in DatagramContext context)
    {
        _contexts[_count] = context;
        _open[_count++] = true;
    }
}

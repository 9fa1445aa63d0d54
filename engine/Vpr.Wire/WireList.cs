namespace Vpr.Wire;

/// <summary>
/// Declared structures one behind the other, as a view of their bytes. All are parsed once when the list is, so going through it
/// cannot fail; the default is the empty list.
/// </summary>
/// <typeparam name="T">The structure of an element.</typeparam>
public readonly ref struct WireList<T>
    where T : struct, IWireFormat<T>, allows ref struct
{
    private WireList(ReadOnlySpan<byte> encoded) => Encoded = encoded;

    /// <summary>The bytes of all elements.</summary>
    public ReadOnlySpan<byte> Encoded { get; }

    /// <summary>The length of all elements in bytes.</summary>
    public int EncodedLength => Encoded.Length;

    /// <summary>Whether there is no element.</summary>
    public bool IsEmpty => Encoded.IsEmpty;

    /// <summary>How many elements there are; counts them.</summary>
    public int Count
    {
        get
        {
            int count = 0;
            foreach (T _ in this)
                count++;
            return count;
        }
    }

    /// <summary>A list of bytes that elements fill to the end.</summary>
    /// <param name="encoded">The bytes; the list is a view of them.</param>
    /// <param name="list">The list; empty where an element is malformed.</param>
    /// <returns>False where an element is malformed, ends early or takes no bytes.</returns>
    public static bool TryParse(ReadOnlySpan<byte> encoded, out WireList<T> list)
    {
        for (ReadOnlySpan<byte> rest = encoded; !rest.IsEmpty;)
        {
            if (!T.TryParse(rest, out _, out int consumed) || consumed == 0)
            {
                list = default;
                return false;
            }
            rest = rest[consumed..];
        }
        list = new WireList<T>(encoded);
        return true;
    }

    /// <summary>A list of a known number of elements.</summary>
    /// <param name="source">Bytes that begin with the elements.</param>
    /// <param name="count">How many there must be; more than there are bytes fails at once.</param>
    /// <param name="list">The list; empty where an element is malformed.</param>
    /// <returns>False where an element is malformed, ends early or takes no bytes.</returns>
    public static bool TryParse(ReadOnlySpan<byte> source, ulong count, out WireList<T> list)
    {
        list = default;
        ReadOnlySpan<byte> rest = source;
        if (count > (ulong)source.Length)
            return false;
        for (; count > 0; count--)
        {
            if (!T.TryParse(rest, out _, out int consumed) || consumed == 0)
                return false;
            rest = rest[consumed..];
        }
        list = new WireList<T>(source[..^rest.Length]);
        return true;
    }

    /// <summary>Goes through the elements in order.</summary>
    public Enumerator GetEnumerator() => new(Encoded);

    /// <summary>A place in a list.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;
        private T _current;

        internal Enumerator(ReadOnlySpan<byte> encoded) => _rest = encoded;

        /// <summary>The element at this place.</summary>
        public readonly T Current => _current;

        /// <summary>Goes to the next element.</summary>
        /// <returns>False behind the last.</returns>
        public bool MoveNext()
        {
            if (_rest.IsEmpty || !T.TryParse(_rest, out _current, out int consumed))
                return false;
            _rest = _rest[consumed..];
            return true;
        }
    }
}

/// <summary>Makes lists of elements at hand.</summary>
public static class WireList
{
    /// <summary>Writes elements into a buffer.</summary>
    /// <typeparam name="T">The structure of an element.</typeparam>
    /// <param name="elements">The elements.</param>
    /// <param name="buffer">Room for all of them; the list is a view of it.</param>
    /// <returns>The list.</returns>
    /// <exception cref="ArgumentException">The buffer is too small, or a value does not fit its field.</exception>
    public static WireList<T> Create<T>(ReadOnlySpan<T> elements, Span<byte> buffer)
        where T : struct, IWireFormat<T>
    {
        int length = 0;
        foreach (ref readonly T element in elements)
            length += element.Write(buffer[length..]);
        if (!WireList<T>.TryParse(buffer[..length], out WireList<T> list))
            Throw.Inconsistent(nameof(elements));
        return list;
    }
}

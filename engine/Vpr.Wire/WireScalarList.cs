using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Vpr.Wire;

/// <summary>
/// Integers of natural width in network byte order one behind the other, as a view of their bytes; the default is the empty list.
/// </summary>
/// <typeparam name="T">byte, ushort, uint, ulong, UInt128, an enum over one of these, or a <see cref="WireScalarAttribute"/> type.</typeparam>
public readonly ref struct WireScalarList<T>
    where T : unmanaged
{
    private WireScalarList(ReadOnlySpan<byte> encoded) => Encoded = encoded;

    /// <summary>The bytes of all elements.</summary>
    public ReadOnlySpan<byte> Encoded { get; }

    /// <summary>The length of all elements in bytes.</summary>
    public int EncodedLength => Encoded.Length;

    /// <summary>Whether there is no element.</summary>
    public bool IsEmpty => Encoded.IsEmpty;

    /// <summary>How many elements there are.</summary>
    public int Count => Encoded.Length / Unsafe.SizeOf<T>();

    /// <summary>The element at <paramref name="index"/>.</summary>
    /// <param name="index">0 to <see cref="Count"/> − 1.</param>
    public T this[int index] => Read(Encoded.Slice(index * Unsafe.SizeOf<T>(), Unsafe.SizeOf<T>()));

    /// <summary>A list of bytes that elements fill to the end.</summary>
    /// <param name="encoded">The bytes; the list is a view of them.</param>
    /// <param name="list">The list; empty where the bytes are no whole number of elements.</param>
    /// <returns>False where the bytes are no whole number of elements.</returns>
    public static bool TryParse(ReadOnlySpan<byte> encoded, out WireScalarList<T> list)
    {
        bool whole = encoded.Length % Unsafe.SizeOf<T>() == 0;
        list = whole ? new WireScalarList<T>(encoded) : default;
        return whole;
    }

    /// <summary>Whether an element has this value.</summary>
    /// <param name="value">The value looked for.</param>
    public bool Contains(T value)
    {
        foreach (T element in this)
        {
            if (EqualityComparer<T>.Default.Equals(element, value))
                return true;
        }
        return false;
    }

    /// <summary>Goes through the elements in order.</summary>
    public Enumerator GetEnumerator() => new(Encoded);

    /// <summary>Writes elements into a buffer.</summary>
    /// <param name="elements">The elements.</param>
    /// <param name="buffer">Room for all of them; the list is a view of it.</param>
    /// <returns>The list.</returns>
    /// <exception cref="ArgumentException">The buffer is too small.</exception>
    public static WireScalarList<T> Create(ReadOnlySpan<T> elements, Span<byte> buffer)
    {
        int length = elements.Length * Unsafe.SizeOf<T>();
        if (buffer.Length < length)
            Throw.DestinationTooSmall();
        for (int i = 0; i < elements.Length; i++)
            Write(buffer[(i * Unsafe.SizeOf<T>())..], elements[i]);
        return new WireScalarList<T>(buffer[..length]);
    }

    // The size of T is a constant for the compiler: one branch of each switch is left.
    private static T Read(ReadOnlySpan<byte> source) => Unsafe.SizeOf<T>() switch
    {
        1 => Unsafe.BitCast<byte, T>(source[0]),
        2 => Unsafe.BitCast<ushort, T>(BinaryPrimitives.ReadUInt16BigEndian(source)),
        4 => Unsafe.BitCast<uint, T>(BinaryPrimitives.ReadUInt32BigEndian(source)),
        8 => Unsafe.BitCast<ulong, T>(BinaryPrimitives.ReadUInt64BigEndian(source)),
        _ => Unsafe.BitCast<UInt128, T>(BinaryPrimitives.ReadUInt128BigEndian(source)),
    };

    private static void Write(Span<byte> destination, T value)
    {
        switch (Unsafe.SizeOf<T>())
        {
            case 1:
                destination[0] = Unsafe.BitCast<T, byte>(value);
                break;
            case 2:
                BinaryPrimitives.WriteUInt16BigEndian(destination, Unsafe.BitCast<T, ushort>(value));
                break;
            case 4:
                BinaryPrimitives.WriteUInt32BigEndian(destination, Unsafe.BitCast<T, uint>(value));
                break;
            case 8:
                BinaryPrimitives.WriteUInt64BigEndian(destination, Unsafe.BitCast<T, ulong>(value));
                break;
            default:
                BinaryPrimitives.WriteUInt128BigEndian(destination, Unsafe.BitCast<T, UInt128>(value));
                break;
        }
    }

    /// <summary>A place in a list.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;

        internal Enumerator(ReadOnlySpan<byte> encoded) => _rest = encoded;

        /// <summary>The element at this place.</summary>
        public T Current { get; private set; }

        /// <summary>Goes to the next element.</summary>
        /// <returns>False behind the last.</returns>
        public bool MoveNext()
        {
            if (_rest.IsEmpty)
                return false;
            Current = Read(_rest);
            _rest = _rest[Unsafe.SizeOf<T>()..];
            return true;
        }
    }
}

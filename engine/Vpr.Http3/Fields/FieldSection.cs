using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Vpr.Http3;

/// <summary>An ordered list of field lines, header or trailer, in pooled memory: filled by the decoder or by a sender, read as spans.</summary>
/// <remarks>
/// RFC 9114 §4.2. Its memory goes back to the pool on <see cref="Dispose"/>; a section that is used again is <see cref="Clear">cleared</see>
/// and keeps its memory. Not thread-safe.
/// </remarks>
public sealed class FieldSection : IDisposable
{
    /// <summary>What each line costs beyond its name and value when a section is measured, in bytes; RFC 9114 §4.2.2.</summary>
    public const int LineOverhead = 32;

    private byte[] _octets = [];
    private Line[] _lines = [];
    private int _used;

    /// <summary>How many lines there are.</summary>
    public int Count { get; private set; }

    /// <summary>The section's size as limits count it: names, values and <see cref="LineOverhead"/> for each line, in bytes.</summary>
    /// <remarks>RFC 9114 §4.2.2</remarks>
    public long Size => _used + (long)Count * LineOverhead;

    /// <summary>The line at <paramref name="index"/>, 0 to <see cref="Count"/> - 1; valid until the section changes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such line.</exception>
    public FieldLine this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            ref readonly Line line = ref _lines[index];
            return new FieldLine(
                _octets.AsSpan(line.Start, line.NameLength),
                _octets.AsSpan(line.Start + line.NameLength, line.ValueLength),
                line.KnownName, line.KnownLine, line.NeverIndexed);
        }
    }

    /// <summary>Adds a line at the end; both spans are copied.</summary>
    /// <param name="name">The name, in lowercase. What goes out is not checked here: <see cref="FieldRules"/> is for that.</param>
    /// <param name="value">The value.</param>
    /// <param name="neverIndexed">Whether intermediaries are told to keep the line out of their tables; always so for credentials.</param>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool neverIndexed = false)
    {
        int index = StaticTable.Find(name, value, out int nameIndex);
        int knownName = nameIndex >= 0 ? nameIndex : FieldNames.Find(name);
        Append(name, value, knownName, index, neverIndexed || FieldNames.IsSensitive(name));
    }

    /// <summary>Adds a line given as text: the name in ASCII and any case, the value one octet a character.</summary>
    /// <param name="name">The name; it is written in lowercase.</param>
    /// <param name="value">The value; characters above U+00FF become question marks.</param>
    /// <param name="neverIndexed">As in the other overload.</param>
    public void Add(string name, string value, bool neverIndexed = false)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        byte[] rented = ArrayPool<byte>.Shared.Rent(name.Length + value.Length);
        int nameLength = Encoding.ASCII.GetBytes(name, rented);
        for (int i = 0; i < nameLength; i++)
            if (rented[i] is >= (byte)'A' and <= (byte)'Z') rented[i] |= 0x20;
        int valueLength = Encoding.Latin1.GetBytes(value, rented.AsSpan(nameLength));
        Add(rented.AsSpan(0, nameLength), rented.AsSpan(nameLength, valueLength), neverIndexed);
        ArrayPool<byte>.Shared.Return(rented);
    }

    /// <summary>Adds a line whose value is a decimal number.</summary>
    public void Add(ReadOnlySpan<byte> name, long value)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, digits, out int length);
        Add(name, digits[..length]);
    }

    /// <summary>The first line with this name.</summary>
    /// <param name="name">The name in lowercase.</param>
    /// <param name="value">The value, valid until the section changes.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryGet(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        int index = IndexOf(name, 0);
        value = index < 0 ? default : this[index].Value;
        return index >= 0;
    }

    /// <summary>The first index, from <paramref name="start"/> on, of a line with this name, or -1.</summary>
    public int IndexOf(ReadOnlySpan<byte> name, int start)
    {
        for (int i = start; i < Count; i++)
        {
            ref readonly Line line = ref _lines[i];
            if (line.NameLength == name.Length && name.SequenceEqual(_octets.AsSpan(line.Start, line.NameLength))) return i;
        }

        return -1;
    }

    /// <summary>All values of a name as one, joined as their recipient may: by a comma, cookies by a semicolon.</summary>
    /// <remarks>RFC 9110 §5.3; RFC 9114 §4.2.1 for cookies, which may arrive in pieces.</remarks>
    /// <param name="name">The name in lowercase.</param>
    /// <param name="value">The joined value.</param>
    /// <returns>Whether the name is there at all.</returns>
    public bool TryJoin(ReadOnlySpan<byte> name, [NotNullWhen(true)] out string? value)
    {
        value = null;
        string separator = name.SequenceEqual("cookie"u8) ? "; " : ", ";
        for (int i = IndexOf(name, 0); i >= 0; i = IndexOf(name, i + 1))
            value = value is null ? this[i].ValueText : string.Concat(value, separator, this[i].ValueText);
        return value is not null;
    }

    /// <summary>Removes all lines and keeps the memory.</summary>
    public void Clear()
    {
        _octets.AsSpan(0, _used).Clear();
        _used = 0;
        Count = 0;
    }

    /// <summary>Removes all lines and gives the memory back; the section may be filled again.</summary>
    public void Dispose()
    {
        Clear();
        if (_octets.Length > 0) ArrayPool<byte>.Shared.Return(_octets);
        if (_lines.Length > 0) ArrayPool<Line>.Shared.Return(_lines);
        _octets = [];
        _lines = [];
    }

    /// <summary>Adds a line of the static table.</summary>
    internal void AppendStatic(int index) => Append(StaticTable.Name(index), StaticTable.Value(index), index, index, neverIndexed: false);

    /// <summary>Adds a line whose name the decoder knows already.</summary>
    internal void Append(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, int knownName, int knownLine, bool neverIndexed)
    {
        int length = checked(name.Length + value.Length);
        Grow(length);
        name.CopyTo(_octets.AsSpan(_used));
        value.CopyTo(_octets.AsSpan(_used + name.Length));
        _lines[Count++] = new Line(_used, name.Length, value.Length, (short)knownName, (short)knownLine, neverIndexed);
        _used += length;
    }

    /// <summary>The static-table indexes of a line: of its name, and of the whole line; -1 where there is none.</summary>
    internal (int Name, int Line) StaticIndexes(int index) =>
        (_lines[index].KnownName < StaticTable.Count ? _lines[index].KnownName : -1, _lines[index].KnownLine);

    private void Grow(int length)
    {
        if (_octets.Length - _used < length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(512, Math.Max(checked(_used + length), _octets.Length * 2)));
            _octets.AsSpan(0, _used).CopyTo(larger);
            if (_octets.Length > 0) ArrayPool<byte>.Shared.Return(_octets, clearArray: true);
            _octets = larger;
        }

        if (_lines.Length == Count)
        {
            Line[] larger = ArrayPool<Line>.Shared.Rent(Math.Max(16, Count * 2));
            _lines.AsSpan(0, Count).CopyTo(larger);
            if (_lines.Length > 0) ArrayPool<Line>.Shared.Return(_lines);
            _lines = larger;
        }
    }

    /// <summary>Where a line lies in the octets, and what is known of it: indexes of name and line, or -1.</summary>
    private readonly record struct Line(int Start, int NameLength, int ValueLength, short KnownName, short KnownLine, bool NeverIndexed);
}

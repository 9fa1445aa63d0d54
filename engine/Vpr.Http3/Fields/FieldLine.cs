using System.Text;

namespace Vpr.Http3;

/// <summary>One name and value of a <see cref="FieldSection"/>: a view that is valid until the section changes.</summary>
/// <remarks>RFC 9114 §4.2</remarks>
public readonly ref struct FieldLine
{
    private readonly int _knownName;
    private readonly int _knownLine;

    internal FieldLine(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, int knownName, int knownLine, bool neverIndexed)
    {
        Name = name;
        Value = value;
        IsNeverIndexed = neverIndexed;
        _knownName = knownName;
        _knownLine = knownLine;
    }

    /// <summary>The name in lowercase; a pseudo-header field's begins with a colon.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>The value, without a length limit of its own; the section's limit bounds it.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>Whether no intermediary may put the line into a compression table: it is a secret of low entropy.</summary>
    /// <remarks>RFC 9204 §7.1.3</remarks>
    public bool IsNeverIndexed { get; }

    /// <summary>Whether the line is a pseudo-header field.</summary>
    /// <remarks>RFC 9114 §4.3</remarks>
    public bool IsPseudoHeader => Name is [(byte)':', ..];

    /// <summary>The name as a string; no allocation for a name of the static table or of <see cref="FieldNames"/>.</summary>
    public string NameText => FieldNames.ToText(_knownName, Name);

    /// <summary>The value as a string, each octet one character (ISO 8859-1); no allocation when the whole line is in the static table.</summary>
    /// <remarks>RFC 9110 §5.5: octets above 0x7f are opaque.</remarks>
    public string ValueText => _knownLine >= 0 ? StaticTable.ValueText(_knownLine) : Encoding.Latin1.GetString(Value);
}

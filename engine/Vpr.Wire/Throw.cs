using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

namespace Vpr.Wire;

/// <summary>Misuse of a writer by its caller, the only way in which this namespace throws. Called by emitted code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Throw
{
    /// <summary>The destination has no room for the structure.</summary>
    /// <exception cref="ArgumentException">Always.</exception>
    [DoesNotReturn]
    public static void DestinationTooSmall() =>
        throw new ArgumentException("The destination is smaller than the encoded structure.", "destination");

    /// <summary>A value has no encoding in its field.</summary>
    /// <param name="field">The property's name; its value may be secret and is not shown.</param>
    /// <exception cref="ArgumentOutOfRangeException">Always.</exception>
    [DoesNotReturn]
    public static void OutOfRange(string field) =>
        throw new ArgumentOutOfRangeException(field, "The value does not fit its field on the wire.");

    /// <summary>Bytes are fewer or more than their field takes, or than another part says.</summary>
    /// <param name="field">The property's name.</param>
    /// <exception cref="ArgumentOutOfRangeException">Always.</exception>
    [DoesNotReturn]
    public static void WrongLength(string field) =>
        throw new ArgumentOutOfRangeException(field, "The length does not fit the field on the wire.");

    /// <summary>The parts of a structure contradict each other.</summary>
    /// <param name="rule">The name of the property that says so.</param>
    /// <exception cref="ArgumentException">Always.</exception>
    [DoesNotReturn]
    public static void Inconsistent(string rule) =>
        throw new ArgumentException("The parts of the structure contradict each other.", rule);
}

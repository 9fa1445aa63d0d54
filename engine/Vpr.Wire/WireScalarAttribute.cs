namespace Vpr.Wire;

/// <summary>
/// Marks a <c>readonly record struct X(ulong Value)</c>, one unsigned integer with a name of its own, as usable wherever that
/// integer is: by natural width, with <see cref="VarIntAttribute"/>, <see cref="UIntAttribute"/> or <see cref="BitsAttribute"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Struct | AttributeTargets.Enum)]
public sealed class WireScalarAttribute : Attribute;

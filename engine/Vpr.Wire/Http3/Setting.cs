namespace Vpr.Wire.Http3;

/// <summary>One setting.</summary>
/// <remarks>RFC 9114 §7.2.4</remarks>
/// <param name="Identifier">What it is about.</param>
/// <param name="Value">Its value, 0 to 2^62-1.</param>
[WireFormat]
public readonly partial record struct Setting([VarInt] SettingIdentifier Identifier, [VarInt] ulong Value);

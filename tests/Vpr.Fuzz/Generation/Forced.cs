namespace Vpr.Fuzz.Generation;

/// <summary>What a test wants one part to be, even against the part's own rules.</summary>
/// <param name="Part">The part's name.</param>
/// <param name="Value">The integer; null leaves it to chance.</param>
/// <param name="VarIntLength">The fewest bytes of a variable-length integer.</param>
/// <param name="Length">The bytes of a span or list; null leaves it to chance.</param>
internal sealed record Forced(string Part, UInt128? Value = null, int VarIntLength = 1, int? Length = null);

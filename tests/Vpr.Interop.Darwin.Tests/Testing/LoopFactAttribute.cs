namespace Vpr.Interop.Tests;

/// <summary>A test of what every loop does; over an emulation nothing is needed for it.</summary>
public sealed class LoopFactAttribute : FactAttribute;

/// <summary>A theory of what every loop does.</summary>
public sealed class LoopTheoryAttribute : TheoryAttribute;

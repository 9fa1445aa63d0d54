using Vpr.Interop.Linux.Tests;

namespace Vpr.Interop.Tests;

/// <summary>A test of what every loop does; it asks for what the other tests of loops ask for, so that a container without io_uring skips them together.</summary>
public sealed class LoopFactAttribute : FactAttribute
{
    public LoopFactAttribute() => Skip = Requirement.Missing(needsTun: false, []);
}

/// <summary>A theory of what every loop does.</summary>
public sealed class LoopTheoryAttribute : TheoryAttribute
{
    public LoopTheoryAttribute() => Skip = Requirement.Missing(needsTun: false, []);
}

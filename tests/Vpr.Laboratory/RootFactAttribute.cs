using Xunit;

namespace Vpr.Laboratory;

/// <summary>A test that makes network namespaces and runs the static binaries; skipped, with the reason, where that cannot be.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RootFactAttribute : FactAttribute
{
    /// <param name="programs">Programs that it needs besides.</param>
    public RootFactAttribute(params string[] programs) => Skip = Requirements.Missing(programs);
}

/// <summary>The same for a test with rows of data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RootTheoryAttribute : TheoryAttribute
{
    /// <param name="programs">Programs that it needs besides.</param>
    public RootTheoryAttribute(params string[] programs) => Skip = Requirements.Missing(programs);
}

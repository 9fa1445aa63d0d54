namespace Vpr.Interop.Linux.Tests;

/// <summary>A named network namespace, for a test that needs more than its own; deleted with everything in it.</summary>
internal sealed class ScratchNamespace : IDisposable
{
    internal ScratchNamespace(string role)
    {
        Name = $"vprtest-{role}-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..6]}";
        Tool.Run("ip", $"netns add {Name}");
    }

    internal string Name { get; }

    public void Dispose() => Tool.Run("ip", $"netns del {Name}");
}

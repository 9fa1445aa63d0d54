using System.Globalization;

namespace Vpr.Interop.Linux.Tests;

public sealed class CapabilitiesTests
{
    [Fact]
    public void They_are_those_the_kernel_shows()
    {
        string line = File.ReadLines("/proc/thread-self/status").Single(each => each.StartsWith("CapEff:", StringComparison.Ordinal));
        ulong effective = ulong.Parse(line[7..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        Assert.Equal((effective >> 12 & 1) != 0, Capabilities.HasNetAdmin());
        Assert.Equal((effective >> 10 & 1) != 0, Capabilities.HasNetBindService());
    }
}

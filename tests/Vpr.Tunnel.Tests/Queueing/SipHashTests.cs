using Vpr.Tunnel.Queueing;

namespace Vpr.Tunnel.Tests.Queueing;

public sealed class SipHashTests
{
    private static readonly UInt128 s_key = new(0x0F0E_0D0C_0B0A_0908, 0x0706_0504_0302_0100);

    /// <summary>The paper's Appendix A, and the first of its authors' vectors.</summary>
    [Theory]
    [InlineData(15, 0xA129_CA61_49BE_45E5)]
    [InlineData(0, 0x726F_DB47_DD0E_0E31)]
    public void The_vectors_of_its_authors_are_met(int length, ulong expected) =>
        Assert.Equal(expected, SipHash.Compute(s_key, [.. Enumerable.Range(0, length).Select(value => (byte)value)]));
}

using System.Buffers;
using FsCheck.Xunit;

namespace Vpr.Http3.Tests;

[Trait("rfc", "9204 §4.1.1")]
public sealed class PrefixedIntegerTests
{
    [Theory]
    [Trait("rfc", "7541 §C.1")]
    [InlineData("0A", 5, 10UL)]
    [InlineData("1F9A0A", 5, 1337UL)]
    [InlineData("2A", 8, 42UL)]
    public void Examples(string hex, int prefixBits, ulong value)
    {
        byte[] expected = Convert.FromHexString(hex);
        byte[] written = new byte[PrefixedInteger.MaxLength];
        Assert.Equal(expected, written[..PrefixedInteger.Write(written, 0, prefixBits, value)]);
        Assert.Equal(OperationStatus.Done, PrefixedInteger.Read(expected, prefixBits, out ulong read, out int consumed));
        Assert.Equal((value, expected.Length), (read, consumed));
    }

    [Fact]
    public void RoundTripsAtEveryBoundaryOfEveryPrefix()
    {
        byte[] buffer = new byte[PrefixedInteger.MaxLength];
        for (int bits = 3; bits <= 8; bits++)
            for (int shift = 0; shift <= 62; shift++)
                foreach (ulong value in new[] { (1UL << shift) - 1, 1UL << shift, (1UL << shift) + (1UL << bits) - 2 })
                {
                    if (value > PrefixedInteger.Max) continue;
                    byte pattern = (byte)(0xff & ~((1 << bits) - 1));
                    int length = PrefixedInteger.Write(buffer, pattern, bits, value);
                    Assert.Equal(pattern, buffer[0] & pattern);
                    Assert.Equal(OperationStatus.Done, PrefixedInteger.Read(buffer.AsSpan(0, length), bits, out ulong read, out int consumed));
                    Assert.Equal((value, length), (read, consumed));
                    for (int cut = 0; cut < length; cut++)
                        Assert.Equal(OperationStatus.NeedMoreData, PrefixedInteger.Read(buffer.AsSpan(0, cut), bits, out _, out _));
                }
    }

    [Theory]
    [InlineData("FFFFFFFFFFFFFFFFFF7F", 8)] // above 2^62-1
    [InlineData("1F80808080808080808080", 5)] // zero, spread over more octets than any value needs
    [InlineData("1F808080808080808080", 5)]
    public void RefusesWhatIsTooLong(string hex, int prefixBits) =>
        Assert.Equal(OperationStatus.InvalidData, PrefixedInteger.Read(Convert.FromHexString(hex), prefixBits, out _, out _));

    [Property]
    public bool AnyBytesAreReadWithinTheirBounds(byte[] bytes, byte prefix)
    {
        OperationStatus status = PrefixedInteger.Read(bytes, 3 + prefix % 6, out ulong value, out int consumed);
        return status == OperationStatus.Done ? consumed <= bytes.Length && value <= PrefixedInteger.Max : consumed == 0;
    }
}

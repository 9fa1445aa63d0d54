using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Samples.Shapes;
using Vpr.Wire.Generator.Tests.Samples;

namespace Vpr.Wire.Generator.Tests.Runs;

/// <summary>
/// Emitted parsers on bytes that nobody wrote: they never throw, never take more than there is, and what they accept can be
/// written and comes back the same.
/// </summary>
public sealed class RandomInputTests
{
    // One encoding of each sample, so that changed octets reach past the first checks.
    private static readonly string[] Seeds =
    [
        "46B901020304 5ABC 40 11 0506 C0000201 C6336402 01020304",
        "6ABCDEF1 1234 06 40 00000000000000000000000000000001 FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
        "03 09 00 02 00 0102 404003 010203", "0F 04 4040 02 DDEE", "1C 01 08 02 6E6F", "31 02 DDEE",
        "18 01 00 01 EE 000102030405060708090A0B0C0D0E0F", "01 07 00 04 C0000201 20", "5B7F 05 01 00000002",
        "C3 000506 08 0009 01EE 00000007", "82 000102 000304", "75 123456 123456789A FF",
        "000004 0001 4040 00010002 03 010203 00000001 0102030405060708 89 0001 FE",
        "01 00002B 0303 0000000000000000000000000000000000000000000000000000000000000000 00 0002 1301 0100 0000",
        "0033 0009 0007 001D 0003 6B6579", "002B 0002 0304", "1101 0102030405060708",
    ];

    private static readonly Gen<byte[]> Octets =
        from seed in Gen.Elements(Seeds.Select(Encoding.Bytes).ToArray())
        from changes in Gen.Zip(Gen.Choose(0, 80), Gen.Choose(0, 255)).ListOf(3)
        from cut in Gen.Choose(0, seed.Length * 4)
        select Changed(seed, changes, cut);

    [Property(MaxTest = 5000)]
    public Property Whatever_the_bytes() => Prop.ForAll(Octets.ToArbitrary(), source =>
    {
        Holds<Ipv4Header>(source);
        Holds<Ipv6Header>(source);
        Holds<KernelHeader>(source);
        Holds<PingFrame>(source);
        Holds<MaxDataFrame>(source);
        Holds<AckFrame>(source);
        Holds<StreamFrame>(source);
        Holds<DatagramFrame>(source);
        Holds<CloseFrame>(source);
        Holds<NewConnectionIdFrame>(source);
        Holds<DatagramCapsule>(source);
        Holds<AddressAssignCapsule>(source);
        Holds<EpochCapsule>(source);
        Holds<ClientHello>(source);
        Holds<KeyShareExtension>(source);
        Holds<SelectedVersionExtension>(source);
        Holds<HopByHopHeader>(source);
        Holds<UdpHeader>(source);
        Holds<Integers>(source);
        Holds<Fields>(source);
        Holds<Segment>(source);
        Holds<Optional>(source);
        Holds<Delimited>(source);
        Holds<Trailing>(source);
    });

    [Fact]
    public void The_seeds_are_accepted_by_a_sample()
    {
        Assert.True(Encoding.Parses<Ipv4Header>(Seeds[0]));
        Assert.True(Encoding.Parses<AckFrame>(Seeds[2]));
        Assert.True(Encoding.Parses<Delimited>(Seeds[12]));
        Assert.True(Encoding.Parses<ClientHello>(Seeds[13]));
    }

    private static void Holds<T>(ReadOnlySpan<byte> source)
        where T : struct, IWireFormat<T>, allows ref struct
    {
        if (!T.TryParse(source, out T value, out int consumed))
        {
            Assert.Equal(0, consumed);
            return;
        }
        Assert.InRange(consumed, 0, source.Length);
        byte[] written = new byte[value.EncodedLength];
        Assert.Equal(written.Length, value.Write(written));
        Assert.True(written.Length <= consumed, "the shortest form is longer than what was read");
        Assert.True(T.TryParse(written, out T again, out int length));
        Assert.Equal(written.Length, length);
        byte[] rewritten = new byte[again.EncodedLength];
        again.Write(rewritten);
        Assert.Equal(written, rewritten);
    }

    private static byte[] Changed(byte[] seed, IEnumerable<(int, int)> changes, int cut)
    {
        byte[] octets = [.. seed.Take(cut)];
        foreach ((int index, int value) in changes)
        {
            if (index < octets.Length)
                octets[index] = (byte)value;
        }
        return octets;
    }
}

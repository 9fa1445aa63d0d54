namespace Vpr.Interop.Darwin.Tests;

public sealed class KeventLayoutTests
{
    private static readonly Kevent Sample = new()
    {
        Ident = 0x0102_0304,
        Filter = -1,
        Flags = 0x4001,
        FilterFlags = 0x0100_0000,
        Data = -2,
        UserData = 7,
    };

    private const string Common = "0403020100000000" + "FFFF" + "0140" + "00000001" + "FEFFFFFFFFFFFFFF" + "0700000000000000";

    [Fact]
    public void MacOS_has_32_bytes() => AssertBytes(KeventLayout.MacOS, Common);

    [Fact]
    public void FreeBSD_has_four_words_more() => AssertBytes(KeventLayout.FreeBsd, Common + new string('0', 64));

    [Fact]
    public void Libkqueue_has_32_bytes() => AssertBytes(KeventLayout.LibKqueue, Common);

    [Fact]
    public void User_events_have_the_number_of_their_system() =>
        Assert.Equal([-10, -11, -11], (int[])[KeventLayout.MacOS.UserFilter, KeventLayout.FreeBsd.UserFilter, KeventLayout.LibKqueue.UserFilter]);

    private static void AssertBytes(KeventLayout layout, string expected)
    {
        byte[] bytes = new byte[3 * layout.Size];
        bytes.AsSpan().Fill(0xAA);
        layout.Write(bytes.AsSpan(layout.Size), Sample);
        Assert.Equal(expected, Convert.ToHexString(bytes.AsSpan(layout.Size, layout.Size)));
        Assert.Equal(-1, bytes.AsSpan(0, layout.Size).IndexOfAnyExcept((byte)0xAA));
        Assert.Equal(-1, bytes.AsSpan(2 * layout.Size).IndexOfAnyExcept((byte)0xAA));
        Assert.Equal(Sample, layout.Read(bytes, 1));
    }
}

using FsCheck.Xunit;

namespace Vpr.Interop.Linux.Tests;

public sealed class NetlinkMessageTests
{
    [Fact]
    public void Messages_lie_one_after_the_other_aligned_and_with_their_lengths()
    {
        NetlinkMessageWriter writer = new(new byte[256]);
        writer.BeginMessage(0x1234, NetlinkFlags.Request | NetlinkFlags.Acknowledge, 7);
        writer.Attribute(1, (byte)0xAB);
        writer.Attribute(2, "eth0");
        int nest = writer.BeginNested(3);
        writer.AttributeBigEndian(4, 0x01020304);
        writer.EndNested(nest);
        writer.EndMessage();
        writer.BeginMessage(2, NetlinkFlags.None, 8);
        writer.EndMessage();

        Assert.Equal(2, writer.MessageCount);
        Assert.Equal(
            "30000000" + "3412" + "0500" + "07000000" + "00000000"
            + "05000100" + "AB000000"
            + "09000200" + "65746830" + "00000000"
            + "0C000380" + "08000400" + "01020304"
            + "10000000" + "0200" + "0000" + "08000000" + "00000000",
            Convert.ToHexString(writer.Written));
    }

    [Fact]
    public void A_message_larger_than_its_buffer_is_misuse()
    {
        Assert.Throws<InvalidOperationException>(() =>
        {
            NetlinkMessageWriter writer = new(new byte[24]);
            writer.BeginMessage(1, NetlinkFlags.None, 1);
            writer.Attribute(1, 1u);
            writer.Attribute(1, 1u);
        });
        Assert.Throws<InvalidOperationException>(() =>
        {
            NetlinkMessageWriter writer = new(new byte[64]);
            writer.BeginMessage(1, NetlinkFlags.None, 1);
            _ = writer.Written.Length;
        });
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        NetlinkMessageWriter writer = new(new byte[256]);
        writer.BeginMessage(18, NetlinkFlags.Dump, 3);
        writer.Attribute(1, "name");
        int nest = writer.BeginNested(2);
        writer.Attribute(5, 77u);
        writer.EndNested(nest);
        writer.EndMessage();

        NetlinkMessageReader reader = new(writer.Written);
        Assert.True(reader.Read());
        Assert.Equal((18, NetlinkFlags.Dump, 3u), (reader.Type, reader.Flags, reader.Sequence));
        NetlinkAttributeReader attributes = new(reader.Body);
        Assert.True(attributes.Read());
        Assert.Equal((1, "name"), (attributes.Type, attributes.Text));
        Assert.True(attributes.Read());
        Assert.Equal(2, attributes.Type);
        NetlinkAttributeReader inner = new(attributes.Value);
        Assert.True(inner.Read());
        Assert.Equal((5, 77u), (inner.Type, inner.UInt32));
        Assert.False(inner.Read());
        Assert.False(attributes.Read());
        Assert.False(reader.Read());
    }

    [Property(MaxTest = 2000)]
    public void Any_bytes_are_walked_to_an_end_inside_them(byte[] bytes)
    {
        int seen = 0;
        NetlinkMessageReader reader = new(bytes);
        while (reader.Read())
        {
            seen += 16;
            NetlinkAttributeReader attributes = new(reader.Body);
            while (attributes.Read())
            {
                seen += 4 + attributes.Value.Length;
                _ = attributes.UInt32;
                _ = attributes.Text;
            }
        }

        Assert.True(seen <= bytes.Length);
    }

    [Property(MaxTest = 2000)]
    public void Lying_lengths_never_lead_outside(ushort message, ushort attribute, byte[] tail)
    {
        byte[] bytes = [.. BitConverter.GetBytes((uint)message % 64), .. new byte[12], .. BitConverter.GetBytes((ushort)(attribute % 64)), 1, 0, .. tail];
        int seen = 0;
        NetlinkMessageReader reader = new(bytes);
        while (reader.Read())
        {
            NetlinkAttributeReader attributes = new(reader.Body);
            while (attributes.Read()) seen += 4 + attributes.Value.Length;
            _ = NetlinkReply.Parse(reader.Body, (NetlinkFlags)0x200);
        }

        Assert.True(seen <= bytes.Length);
    }
}

using Vpr.Wire.VirtioNet;

namespace Vpr.Wire.Tests.VirtioNet;

public class VirtioNetHeaderTests
{
    [Fact]
    public void AHeaderIsLittleEndian()
    {
        var header = new VirtioNetHeader(VirtioNetFlags.NeedsChecksum, GsoEcn: true, VirtioNetGsoType.TcpV6, HeaderLength: 74, GsoSize: 1440, ChecksumStart: 54, ChecksumOffset: 16);
        byte[] bytes = Samples.Write(in header);
        Assert.Equal(Hex.Bytes("01 84 4a00 a005 3600 1000"), bytes);
        Assert.Equal(VirtioNetHeader.Length, bytes.Length);
        Assert.Equal(header, Samples.Parse<VirtioNetHeader>(bytes));
    }
}

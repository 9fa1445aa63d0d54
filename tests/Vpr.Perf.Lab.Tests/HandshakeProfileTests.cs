using Vpr.Io;
using Vpr.Perf.Lab.Load;

namespace Vpr.Perf.Lab.Tests;

/// <summary>Profiles as the server writes them, read for handshakes.</summary>
public sealed class HandshakeProfileTests
{
    private const string Profile = """
        # VPR profile "bench". It holds a private key: whoever reads it is this client.
        [Client]
        Name = bench
        Issued = 2026-01-31T12:00:00Z
        PrivateKey = AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=

        [Server]
        Endpoint = 192.0.2.2:443
        # The name in the server's certificate.
        Name = 192.0.2.2
        PublicKey = AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=
        # SHA-256 of the public key in the server's certificate.
        CertificatePin = AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM=

        [Tunnel]
        Routes = 0.0.0.0/0, ::/0
        # End of profile
        """;

    [Fact]
    public void All_that_a_handshake_needs_is_read()
    {
        HandshakeProfile profile = HandshakeProfile.Parse(Profile);
        Assert.Equal((UdpEndpoint.FromIpv4(0xC0000202, 443), "192.0.2.2", "192.0.2.2"), (profile.Server, profile.Authority, profile.ServerName));
        Assert.All(new[] { (profile.PrivateKey, 1), (profile.ServerPublicKey, 2), (profile.CertificatePin, 3) },
            key => Assert.Equal(Enumerable.Repeat((byte)key.Item2, 32), key.Item1));
    }

    [Fact]
    public void Another_port_and_an_IPv6_address_stand_in_the_authority_as_in_a_URI()
    {
        Assert.Equal("192.0.2.2:8443", HandshakeProfile.Parse(Profile.Replace(":443", ":8443", StringComparison.Ordinal)).Authority);
        string ipv6 = Profile.Replace("192.0.2.2:443", "[2001:db8::1]:8443", StringComparison.Ordinal).Replace("192.0.2.2", "2001:db8::1", StringComparison.Ordinal);
        Assert.Equal(("[2001:db8::1]:8443", "2001:db8::1"), (HandshakeProfile.Parse(ipv6).Authority, HandshakeProfile.Parse(ipv6).ServerName));
        Assert.Equal(443, HandshakeProfile.Parse(Profile.Replace(":443", "", StringComparison.Ordinal)).Server.Port);
    }

    [Theory]
    [InlineData("PrivateKey = AQ", "PrivateKey = !")]
    [InlineData("PublicKey = AgIC", "PublicKey = ")]
    [InlineData("CertificatePin", "Nothing")]
    [InlineData("192.0.2.2:443", "vpn.example.org:443")]
    [InlineData("[Server]", "[Elsewhere]")]
    public void What_is_missing_or_damaged_is_told(string part, string instead) =>
        Assert.Throws<BenchException>(() => HandshakeProfile.Parse(Profile.Replace(part, instead, StringComparison.Ordinal)));
}

using System.Net;
using Vpr.Hosting.Configuration;

namespace Vpr.Hosting.Tests;

public sealed class ClientProfileTests
{
    [Fact]
    public void A_profile_reads_as_it_was_written()
    {
        using ClientProfile written = Example();
        using ClientProfile read = ClientProfile.Parse(written.Format(), "laptop.conf");
        Assert.Equal(written.Format(), read.Format());
        Assert.Equal(written.PrivateKey, read.PrivateKey);
        Assert.Equal(written.Issued, read.Issued);
        Assert.Equal(written.Routes, read.Routes);
    }

    [Fact]
    public void Wherever_it_is_cut_it_is_refused()
    {
        using ClientProfile profile = Example();
        string text = profile.Format().TrimEnd();
        for (int length = 0; length < text.Length; length++)
        {
            HostException fault = Assert.Throws<HostException>(() => ClientProfile.Parse(text[..length], "laptop.conf"));
            Assert.Equal(ExitCode.ProfileInvalid, fault.ExitCode);
            Assert.StartsWith("laptop.conf", fault.Message);
        }
    }

    [Theory]
    [InlineData("PrivateKey", "short", "[Client] PrivateKey")]
    [InlineData("Issued", "yesterday", "[Client] Issued")]
    [InlineData("Endpoint", "not an address", "[Server] Endpoint")]
    [InlineData("PublicKey", "", "[Server] PublicKey")]
    [InlineData("Routes", "0.0.0.0/0, ::/", "[Tunnel] Routes")]
    [InlineData("CertificatePin", "AAAA", "[Server] CertificatePin")]
    public void A_value_that_does_not_parse_is_named_and_not_shown(string key, string value, string named)
    {
        using ClientProfile profile = Example();
        string[] lines = profile.Format().Split('\n');
        int index = Array.FindIndex(lines, line => line.StartsWith(key + " =", StringComparison.Ordinal));
        lines[index] = $"{key} = {value}";
        HostException fault = Assert.Throws<HostException>(() => ClientProfile.Parse(string.Join('\n', lines), "laptop.conf"));
        Assert.Contains(named, fault.Message);
        Assert.DoesNotContain(Convert.ToBase64String(profile.PrivateKey), fault.ToString());
    }

    [Fact]
    public void Disposing_erases_the_private_key()
    {
        ClientProfile profile = Example();
        profile.Dispose();
        Assert.All(profile.PrivateKey, octet => Assert.Equal(0, octet));
    }

    private static ClientProfile Example() => new()
    {
        Name = "laptop",
        Issued = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        PrivateKey = Enumerable.Repeat((byte)1, 32).ToArray(),
        Endpoint = new ServerAddress("2001:db8::1", 8443),
        ServerName = "vpn.example.org",
        ServerPublicKey = Enumerable.Repeat((byte)2, 32).ToArray(),
        CertificatePin = Enumerable.Repeat((byte)3, 32).ToArray(),
        Routes = [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("2001:db8:7::/48")],
    };
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Vpr.Hosting;
using Vpr.Laboratory;

namespace Vpr.EndToEnd.Tests;

/// <summary>Each thing that can be wrong ends with one line, its own exit code, and a host as it was before.</summary>
public sealed class FaultTests
{
    [RootFact]
    public void A_profile_cut_short_is_told()
    {
        using var lab = new TunnelLab();
        lab.EditProfile(text => text[..(text.Length / 2)]);
        AssertRefused(lab, ExitCode.ProfileInvalid, "cut short");
    }

    [RootFact]
    public void A_missing_profile_is_told()
    {
        using var lab = new TunnelLab();
        File.Delete(lab.Profile);
        AssertRefused(lab, ExitCode.FileUnreadable, "does not exist");
    }

    [RootFact]
    public void A_profile_that_others_can_read_is_refused()
    {
        using var lab = new TunnelLab();
        File.SetUnixFileMode(lab.Profile, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        AssertRefused(lab, ExitCode.KeyFileExposed, "chmod 600");
    }

    [RootFact]
    public void Without_root_the_client_says_so()
    {
        using var lab = new TunnelLab();
        File.SetUnixFileMode(lab.Network.Directory, (UnixFileMode)0b111_101_101);
        lab.Network.Check("client", "chown", "nobody", lab.Profile);
        AssertRefused(lab, ExitCode.NotPermitted, "root", "setpriv", "--reuid=nobody", "--clear-groups", "--bounding-set=-all", "--inh-caps=-all");
    }

    [RootFact]
    public void Without_a_tun_device_the_client_says_so()
    {
        using var lab = new TunnelLab();
        AssertRefused(lab, ExitCode.NoTunDevice, "/dev/net/tun", "unshare", "--mount", "sh", "-c", "mount -t tmpfs none /dev/net && exec \"$@\"", "sh");
    }

    [RootFact]
    public void Without_IPv6_the_client_says_so()
    {
        using var lab = new TunnelLab();
        lab.Network.Check("client", "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1");
        AssertRefused(lab, ExitCode.NoIpv6, "IPv6");
    }

    [RootFact]
    public void A_clock_before_the_profile_is_told()
    {
        using var lab = new TunnelLab();
        string issued = lab.ProfileValue("Issued");
        lab.EditProfile(text => text.Replace(issued, DateTimeOffset.UtcNow.AddYears(1).ToString("yyyy-MM-ddTHH:mm:ssZ")));
        AssertRefused(lab, ExitCode.ClockWrong, "clock");
    }

    [RootTheory("clang")]
    [InlineData(365)]
    [InlineData(-365)]
    public void A_clock_that_is_off_by_a_year_from_the_servers_is_told(int days)
    {
        using var lab = new TunnelLab();
        // A static binary takes its time from the kernel alone, so it is the server, run by the framework, whose clock is moved.
        using LabProcess server = lab.StartServerWithClock(TimeSpan.FromDays(days));
        AssertRefused(lab, ExitCode.ClockWrong, "clock");
    }

    [RootFact]
    public void A_server_that_does_not_answer_is_told()
    {
        using var lab = new TunnelLab();
        AssertRefused(lab, ExitCode.ServerUnreachable, "does not answer");
    }

    [RootFact]
    public void A_wrong_private_key_is_not_admitted()
    {
        using var lab = new TunnelLab();
        using LabProcess server = lab.StartServer();
        ReplaceKey(lab, "PrivateKey");
        AssertRefused(lab, ExitCode.NotAdmitted, "does not know");
    }

    [RootFact]
    public void A_wrong_server_key_is_not_admitted()
    {
        using var lab = new TunnelLab();
        using LabProcess server = lab.StartServer();
        ReplaceKey(lab, "PublicKey");
        AssertRefused(lab, ExitCode.NotAdmitted, "does not know");
    }

    [RootFact]
    public void A_removed_client_is_not_admitted()
    {
        using var lab = new TunnelLab();
        using LabProcess server = lab.StartServer();
        lab.ServerCommand("client", "remove", "laptop");
        AssertRefused(lab, ExitCode.NotAdmitted, "does not know");
    }

    [RootFact]
    public void A_wrong_pin_is_told()
    {
        using var lab = new TunnelLab();
        using LabProcess server = lab.StartServer();
        ReplaceKey(lab, "CertificatePin");
        AssertRefused(lab, ExitCode.PinMismatch, "pin");
    }

    [RootFact]
    public void An_authority_that_the_system_does_not_know_is_told()
    {
        using var lab = new TunnelLab();
        using LabProcess server = lab.StartServer();
        lab.EditProfile(text => text.Replace("CertificatePin", "#CertificatePin"));
        AssertRefused(lab, ExitCode.CertificateUntrusted, "not trusted");
    }

    [RootTheory]
    [InlineData(-700, -300, ExitCode.CertificateExpired, "expired")]
    [InlineData(300, 700, ExitCode.CertificateNotYetValid, "not valid yet")]
    public void A_certificate_out_of_its_time_is_told(int from, int to, ExitCode code, string line)
    {
        using var lab = new TunnelLab();
        ReplaceCertificate(lab, DateTimeOffset.UtcNow.AddDays(from), DateTimeOffset.UtcNow.AddDays(to));
        using LabProcess server = lab.StartServer();
        AssertRefused(lab, code, line);
    }

    [RootTheory]
    [InlineData("socket.SOCK_DGRAM")]
    [InlineData("socket.SOCK_STREAM")]
    public void A_port_in_use_is_told_by_the_server(string type)
    {
        using var lab = new TunnelLab();
        using LabProcess holder = lab.Network.Start("server", "python3", "-uc",
            $"import socket,signal; s=socket.socket(socket.AF_INET6,{type}); s.bind(('::',443)); {(type.EndsWith("STREAM", StringComparison.Ordinal) ? "s.listen(); " : "")}print('held'); signal.pause()");
        holder.WaitForOutput("held", TunnelLab.StartLimit);
        string before = lab.Network.Snapshot("server");
        CommandResult result = lab.Network.Run("server", [.. lab.ServerCommandLine, "run"]);
        AssertOneLine(result, ExitCode.PortInUse, "in use");
        Assert.Equal(before, lab.Network.Snapshot("server"));
    }

    private static void AssertRefused(TunnelLab lab, ExitCode code, string line, params string[] wrapper)
    {
        string before = lab.Network.Snapshot("client");
        CommandResult result = lab.Network.Run("client", [.. wrapper, TunnelLab.ClientBinary, "up", lab.Profile]);
        AssertOneLine(result, code, line);
        Assert.Equal(before, lab.Network.Snapshot("client"));
    }

    private static void AssertOneLine(CommandResult result, ExitCode code, string line)
    {
        Assert.Equal((code, 1), ((ExitCode)result.ExitCode, result.Errors.TrimEnd().Split('\n').Length));
        Assert.Contains(line, result.Errors);
        Assert.Equal("", result.Output);
    }

    private static void ReplaceKey(TunnelLab lab, string key)
    {
        string value = lab.ProfileValue(key);
        lab.EditProfile(text => text.Replace(value, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))));
    }

    private static void ReplaceCertificate(TunnelLab lab, DateTimeOffset from, DateTimeOffset to)
    {
        using ECDsa key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(Path.Combine(lab.ServerDirectory, "tls.key")));
        var request = new CertificateRequest("CN=" + LabNetwork.ServerAddress, key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(from, to);
        File.WriteAllText(Path.Combine(lab.ServerDirectory, "tls.crt"), certificate.ExportCertificatePem());
    }
}

using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using System.Text.Json;
using Vpr.Io;
using Vpr.Perf.Lab.Load;
using Vpr.Perf.Lab.Report;

namespace Vpr.Perf.Lab.Commands;

/// <summary>The subcommands that the laboratory runs inside its namespaces; hidden, since they mean nothing elsewhere.</summary>
internal static class LoadCommands
{
    /// <summary><c>null-tunnel</c>: one end of a tunnel that does nothing.</summary>
    public static Command NullTunnel()
    {
        var device = new Option<string>("--device") { Required = true };
        var mtu = new Option<int>("--mtu") { Required = true };
        var mode = new Option<NullTunnelMode>("--mode") { Required = true };
        Option<UdpEndpoint> local = Endpoint("--local"), remote = Endpoint("--remote");
        var command = new Command("null-tunnel") { device, mtu, mode, local, remote };
        command.Hidden = true;
        command.SetAction(parsed => Load.NullTunnel.Run(parsed.GetValue(mode),
            new NullTunnelOptions(parsed.GetRequiredValue(device), parsed.GetValue(mtu), parsed.GetValue(local), parsed.GetValue(remote))));
        return command;
    }

    /// <summary><c>udp-sink</c>: counts small packets.</summary>
    public static Command UdpSink()
    {
        Option<UdpEndpoint> local = Endpoint("--local");
        var command = new Command("udp-sink") { local };
        command.Hidden = true;
        command.SetAction(parsed => Load.UdpSink.Run(parsed.GetValue(local)));
        return command;
    }

    /// <summary><c>udp-rate</c>: looks for the highest loss-free rate and prints it as JSON.</summary>
    public static Command UdpRate()
    {
        Option<UdpEndpoint> target = Endpoint("--target");
        var size = new Option<int>("--size") { Required = true };
        var seconds = new Option<double>("--seconds") { Required = true };
        var command = new Command("udp-rate") { target, size, seconds };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            UdpEndpoint sink = parsed.GetValue(target);
            using var generator = new UdpGenerator(UdpEndpoint.From(new IPEndPoint(sink.IsIpv4 ? IPAddress.Any : IPAddress.IPv6Any, 0)), sink, parsed.GetValue(size));
            _ = RealTimePriority.TryTake();
            TimeSpan duration = TimeSpan.FromSeconds(parsed.GetValue(seconds));
            RateResult result = new RateSearch(SmallPackets.LossLimit).Run(rate => generator.Run(rate, duration));
            Console.WriteLine(JsonSerializer.Serialize(result, ReportJson.Default.RateResult));
        });
        return command;
    }

    /// <summary><c>handshakes</c>: opens tunnels and closes them, and prints how many as JSON.</summary>
    public static Command Handshakes()
    {
        var profiles = new Option<FileInfo[]>("--profile") { Required = true };
        var seconds = new Option<double>("--seconds") { Required = true };
        var command = new Command("handshakes") { profiles, seconds };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            using var generator = new HandshakeGenerator(parsed.GetRequiredValue(profiles).Select(file => HandshakeProfile.Parse(File.ReadAllText(file.FullName))));
            HandshakeResult result = generator.Run(TimeSpan.FromSeconds(parsed.GetValue(seconds)));
            Console.WriteLine(JsonSerializer.Serialize(result, ReportJson.Default.HandshakeResult));
        });
        return command;
    }

    private static Option<UdpEndpoint> Endpoint(string name) => new(name) { Required = true, CustomParser = ParseEndpoint };

    private static UdpEndpoint ParseEndpoint(ArgumentResult result)
    {
        if (IPEndPoint.TryParse(result.Tokens[0].Value, out IPEndPoint? endpoint)) return UdpEndpoint.From(endpoint);
        result.AddError($"\"{result.Tokens[0].Value}\" is no address and port.");
        return default;
    }
}

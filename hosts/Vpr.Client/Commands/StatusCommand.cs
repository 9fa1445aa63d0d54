using System.Globalization;
using System.Text.Json;
using Vpr.Client.Control;
using Vpr.Hosting;

namespace Vpr.Client.Commands;

/// <summary><c>vpr-client status</c>.</summary>
internal static class StatusCommand
{
    /// <summary>Prints a tunnel's status.</summary>
    /// <exception cref="HostException">None of this name is up.</exception>
    public static void Run(string? interfaceName, bool json)
    {
        string name = TunnelName.Choose(interfaceName);
        string answer = TunnelSockets.Ask(name, TunnelProcess.StatusRequest);
        if (json)
        {
            Console.WriteLine(answer);
            return;
        }

        TunnelStatus status = JsonSerializer.Deserialize(answer, TunnelStatusJson.Default.TunnelStatus)!;
        double lost = status.PacketsSent == 0 ? 0 : 100.0 * status.PacketsLost / status.PacketsSent;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            interface   {status.Interface}, MTU {status.Mtu}
            state       {(status.Up ? "up" : $"reconnecting: {status.LastError}")}
            endpoint    {status.Endpoint}
            addresses   {string.Join(", ", status.Addresses)}
            handshake   {status.HandshakeMilliseconds:F1} ms, {status.HandshakeAgeSeconds:F0} s ago, {status.Reconnects} reconnects
            transfer    {status.BytesSent} bytes sent, {status.BytesReceived} bytes received
            path        RTT {status.RttMilliseconds:F2} ms, {lost:F2} % lost ({status.PacketsLost} of {status.PacketsSent} packets)
            queue       {status.PacketsDropped} packets dropped, {status.PacketsMarked} marked
            memory      {status.Gen0Collections} gen-0 collections
            """));
    }
}

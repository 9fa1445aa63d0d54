using System.Globalization;
using System.Text.Json;
using Vpr.Hosting;
using Vpr.Hosting.Control;
using Vpr.Server.Configuration;
using Vpr.Server.Control;

namespace Vpr.Server.Commands;

/// <summary><c>vpr-server status</c>.</summary>
internal static class StatusCommand
{
    /// <summary>What the command asks by the control socket.</summary>
    public const string Request = "status";

    /// <summary>Prints the status of the server that runs on a directory.</summary>
    /// <exception cref="HostException">None does.</exception>
    public static void Run(ServerDirectory directory, bool json)
    {
        if (!ControlSocket.TryAsk(directory.ControlSocket, Request, out string answer))
            throw new HostException(ExitCode.NotUp, $"No server runs on {directory.Path}.");
        if (json)
        {
            Console.WriteLine(answer);
            return;
        }

        ServerStatus status = JsonSerializer.Deserialize(answer, ServerStatusJson.Default.ServerStatus)!;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            listens on  {status.Listen}, {status.Io}
            interface   {status.Interface}
            running     {TimeSpan.FromSeconds(Math.Floor(status.UptimeSeconds))}
            memory      {status.Gen0Collections} gen-0 collections
            tunnels     {status.Clients.Count}
            """));
        bool several = status.Loops.Count > 1;
        for (int index = 0; several && index < status.Loops.Count; index++)
        {
            LoopStatus loop = status.Loops[index];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"loop {index,-7}{loop.Tunnels} tunnels, {loop.PacketsHandedOver} packets handed over, {loop.HandoverDrops} dropped"));
        }

        foreach (ClientStatus client in status.Clients)
        {
            double lost = client.PacketsSent == 0 ? 0 : 100.0 * client.PacketsLost / client.PacketsSent;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""

                client      {client.Name}{(several ? $", loop {client.Loop}" : "")}
                endpoint    {client.Endpoint}
                addresses   {string.Join(", ", client.Addresses)}
                transfer    {client.BytesSent} bytes sent, {client.BytesReceived} bytes received
                path        RTT {client.RttMilliseconds:F2} ms, {lost:F2} % lost ({client.PacketsLost} of {client.PacketsSent} packets)
                queue       {client.PacketsDropped} packets dropped, {client.PacketsMarked} marked
                """));
        }
    }
}

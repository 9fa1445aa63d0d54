using System.Text;

namespace Vpr.Masque.Tests;

/// <summary>Writes down what a session tells, one line each.</summary>
internal sealed class Recorder : IConnectIpHandler
{
    public List<string> Log { get; } = [];

    public List<byte[]> Packets { get; } = [];

    public bool SpeaksFormats { get; set; } = true;

    public string Take()
    {
        string log = string.Join('\n', Log);
        Log.Clear();
        return log;
    }

    public void OnPacket(ConnectIpSession session, in IpPacket facts, Span<byte> packet)
    {
        Packets.Add(packet.ToArray());
        Log.Add($"packet {facts.Source} > {facts.Destination}");
    }

    public void OnContextDatagram(ConnectIpSession session, in DatagramContext context, Span<byte> payload) =>
        Log.Add($"context {context.Id}: {Encoding.ASCII.GetString(payload)}");

    public void OnDropped(ConnectIpSession session, PacketVerdict verdict, ReadOnlySpan<byte> packet) => Log.Add($"dropped {verdict}");

    public void OnAddressesAssigned(ConnectIpSession session) => Log.Add("assigned " + string.Join(' ', session.AssignedToUs.ToArray()));

    public void OnRoutesAdvertised(ConnectIpSession session) => Log.Add("routes " + string.Join(' ', session.PeerRoutes.Ranges.ToArray()));

    public bool OnContextRegistered(ConnectIpSession session, in DatagramContext context)
    {
        Log.Add($"registered {context.Id} {context.Format} {context.Epoch}");
        return SpeaksFormats;
    }

    public void OnContextClosed(ConnectIpSession session, in DatagramContext context) => Log.Add($"closed {context.Id}");

    public void OnRekeyInitiate(ConnectIpSession session, byte epoch, ReadOnlySpan<byte> message) =>
        Log.Add($"initiate {epoch} {Encoding.ASCII.GetString(message)}");

    public void OnRekeyRespond(ConnectIpSession session, byte epoch, ReadOnlySpan<byte> message) =>
        Log.Add($"respond {epoch} {Encoding.ASCII.GetString(message)}");
}

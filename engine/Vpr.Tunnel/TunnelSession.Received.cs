using Vpr.Masque;
using Vpr.Wire.Noise;

namespace Vpr.Tunnel;

/// <content>What the CONNECT-IP session tells.</content>
public sealed partial class TunnelSession
{
    void IConnectIpHandler.OnPacket(ConnectIpSession session, in IpPacket facts, Span<byte> packet) => Deliver(packet);

    void IConnectIpHandler.OnContextDatagram(ConnectIpSession session, in DatagramContext context, Span<byte> payload)
    {
        if (_cipher is null || context.Format != ContextFormat.NoiseTransport) return;
        if (!_cipher.TryOpen(payload, out Span<byte> packet))
        {
            _counters.UnauthenticPackets++;
            return;
        }

        if (session.JudgeIncoming(packet, out IpPacket facts) == PacketVerdict.Forward) Deliver(packet[..facts.Length]);
    }

    // A packet that the peer should not have sent is dropped without a word: an honest peer never sends one.
    void IConnectIpHandler.OnDropped(ConnectIpSession session, PacketVerdict verdict, ReadOnlySpan<byte> packet)
    {
    }

    void IConnectIpHandler.OnAddressesAssigned(ConnectIpSession session) => _handler.OnConfigured(this);

    void IConnectIpHandler.OnRoutesAdvertised(ConnectIpSession session) => _handler.OnConfigured(this);

    bool IConnectIpHandler.OnContextRegistered(ConnectIpSession session, in DatagramContext context)
    {
        if (_cipher is null || context.Format != ContextFormat.NoiseTransport || context.Epoch != _cipher.Epoch) return false;
        UseContext(context.Id);
        return true;
    }

    void IConnectIpHandler.OnContextClosed(ConnectIpSession session, in DatagramContext context)
    {
        if (context.Id == _contextId) _hasContext = false;
    }

    // One epoch a session for now: a peer that asks for another gets no answer and keeps the one it has.
    void IConnectIpHandler.OnRekeyInitiate(ConnectIpSession session, byte epoch, ReadOnlySpan<byte> message)
    {
    }

    void IConnectIpHandler.OnRekeyRespond(ConnectIpSession session, byte epoch, ReadOnlySpan<byte> message)
    {
    }
}

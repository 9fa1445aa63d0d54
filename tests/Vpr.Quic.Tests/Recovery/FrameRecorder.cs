using Vpr.Quic.Recovery;

namespace Vpr.Quic.Tests.Recovery;

/// <summary>Notes what it is told, in order.</summary>
internal sealed class FrameRecorder : ISentFrameOwner
{
    public List<(PacketNumberSpace Space, ulong Offset)> Acknowledged { get; } = [];

    public List<(PacketNumberSpace Space, ulong Offset)> Lost { get; } = [];

    public List<int> ProbesAcknowledged { get; } = [];

    public List<int> ProbesLost { get; } = [];

    public void OnFrameAcknowledged(PacketNumberSpace space, in SentFrame frame) => Acknowledged.Add((space, frame.Offset));

    public void OnFrameLost(PacketNumberSpace space, in SentFrame frame) => Lost.Add((space, frame.Offset));

    public void OnPacketAcknowledged(int size)
    {
    }

    public void OnPacketLost(int size)
    {
    }

    public void OnMtuProbeAcknowledged(int size) => ProbesAcknowledged.Add(size);

    public void OnMtuProbeLost(int size) => ProbesLost.Add(size);
}

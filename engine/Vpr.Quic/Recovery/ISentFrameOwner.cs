namespace Vpr.Quic.Recovery;

/// <summary>Learns what became of the frames it sent.</summary>
/// <remarks>Called while an acknowledgement or a timeout is processed; must not call back into the recovery.</remarks>
internal interface ISentFrameOwner
{
    /// <summary>The peer has the frame. May be told more than once for a range that was sent more than once.</summary>
    void OnFrameAcknowledged(PacketNumberSpace space, in SentFrame frame);

    /// <summary>The frame is to be sent again, as far as what it says still holds: its packet was lost, or a probe needs content.</summary>
    void OnFrameLost(PacketNumberSpace space, in SentFrame frame);

    /// <summary>The present path carried an ordinary packet of <paramref name="size"/> bytes of UDP payload.</summary>
    void OnPacketAcknowledged(int size);

    /// <summary>An ordinary packet of <paramref name="size"/> bytes of UDP payload was lost on the present path.</summary>
    void OnPacketLost(int size);

    /// <summary>The path carried a DPLPMTUD probe of <paramref name="size"/> bytes of UDP payload.</summary>
    void OnMtuProbeAcknowledged(int size);

    /// <summary>A DPLPMTUD probe of <paramref name="size"/> bytes of UDP payload was lost.</summary>
    void OnMtuProbeLost(int size);
}

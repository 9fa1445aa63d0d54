namespace Vpr.Tunnel.Queueing;

/// <summary>The packets of one flow, or of a few that share a hash.</summary>
/// <remarks>RFC 8290 §4</remarks>
internal struct FlowQueue
{
    /// <summary>The packet that has waited longest; <see cref="PacketStore.None"/> when none does.</summary>
    public int First;

    /// <summary>The latest packet; undefined when none waits.</summary>
    public int Last;

    /// <summary>Bytes that wait.</summary>
    public int Backlog;

    /// <summary>Bytes that the flow may still send in its turn; negative after a packet that was longer.</summary>
    public int Credits;

    /// <summary>The flow behind this one in its list.</summary>
    public int Next;

    /// <summary>Whether it is in one of the lists.</summary>
    public bool IsActive;

    /// <summary>Judges the delay.</summary>
    public CoDel Delay;
}

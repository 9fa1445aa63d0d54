using System.Runtime.CompilerServices;
using Vpr.Io;
using Vpr.Wire.Quic;

namespace Vpr.Quic.Recovery;

/// <summary>Finds out whether a path carries ECN marks, and how often it marked congestion.</summary>
/// <remarks>RFC 9000 §13.4.2 and A.4</remarks>
internal struct EcnValidator
{
    private const int TestingPackets = 10;

    private Status _status;
    private ulong _sentEct0;
    private ulong _everSentEct0;
    private ulong _resolvedLost;
    private CountsPerSpace _counts;

    private enum Status : byte
    {
        Disabled,
        Testing,
        Unknown,
        Capable,
        Failed,
    }

    /// <summary>Whether the path is known to carry marks.</summary>
    public readonly bool IsCapable => _status == Status.Capable;

    /// <summary>The mark for the next packet.</summary>
    public readonly EcnCodepoint Mark => _status is Status.Testing or Status.Capable ? EcnCodepoint.Ect0 : EcnCodepoint.NotEct;

    /// <summary>Begins to test a path.</summary>
    public void Start() => _status = Status.Testing;

    /// <summary>Begins to test again after a path change; stays off when it was never started.</summary>
    public void Restart()
    {
        // The peer's counts go on over a change of path.
        if (_status != Status.Disabled) this = new EcnValidator { _status = Status.Testing, _counts = _counts, _everSentEct0 = _everSentEct0 };
    }

    /// <summary>A packet was sent with ECT(0).</summary>
    public void OnMarkedPacketSent()
    {
        // RFC 9000 A.4: a few packets are marked, then marking pauses until they are acknowledged.
        _everSentEct0++;
        if (++_sentEct0 >= TestingPackets && _status == Status.Testing) _status = Status.Unknown;
    }

    /// <summary>A packet sent with ECT(0) was declared lost.</summary>
    public void OnMarkedPacketLost()
    {
        // RFC 9000 §13.4.2: when every marked packet is lost, marks are presumed to be the cause.
        if (++_resolvedLost >= _sentEct0 && _status == Status.Unknown) _status = Status.Failed;
    }

    /// <summary>Checks the counts of an ACK that raised the largest acknowledged number.</summary>
    /// <param name="space">The space that the ACK came in: each has counts of its own (RFC 9000 §13.4.1).</param>
    /// <param name="counts">The ACK frame's counts, or null when it had none.</param>
    /// <param name="newlyAcknowledgedEct0">Packets sent with ECT(0) that this ACK acknowledged first.</param>
    /// <returns>Whether the path reports congestion that was not reported before.</returns>
    public bool OnAcknowledgement(PacketNumberSpace space, EcnCounts? counts, int newlyAcknowledgedEct0)
    {
        if (_status is Status.Disabled or Status.Failed) return false;
        if (counts is not { } now)
        {
            if (newlyAcknowledgedEct0 > 0) _status = Status.Failed;
            return false;
        }

        EcnCounts before = _counts[(int)space];
        // RFC 9000 §13.4.2.1: counts never shrink, cover every newly acknowledged marked packet, and never exceed what was sent.
        if (now.Ect0 < before.Ect0 || now.Ect1 != before.Ect1 || now.Ce < before.Ce
            || now.Ect0 - before.Ect0 + (now.Ce - before.Ce) < (ulong)newlyAcknowledgedEct0
            || now.Ect0 > _everSentEct0)
        {
            _status = Status.Failed;
            return false;
        }

        bool congestion = now.Ce > before.Ce;
        _counts[(int)space] = now;
        if (newlyAcknowledgedEct0 > 0) _status = Status.Capable;
        return congestion;
    }

    [InlineArray(3)]
    private struct CountsPerSpace
    {
        private EcnCounts _first;
    }
}

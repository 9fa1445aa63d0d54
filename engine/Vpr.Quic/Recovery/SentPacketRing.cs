namespace Vpr.Quic.Recovery;

/// <summary>The sent packets of one packet number space, oldest unresolved first, and the frames they carried.</summary>
/// <remarks>
/// RFC 9002 A.1. Two rings indexed by running numbers, so finding a packet is one mask and nothing is allocated once they have
/// grown to the connection's bandwidth-delay product. Frames are recorded while a packet is built and closed by <see cref="Add"/>.
/// </remarks>
internal sealed class SentPacketRing
{
    /// <summary>How many packet numbers may lie between the oldest unresolved packet and the newest.</summary>
    /// <remarks>A peer that makes us send and never acknowledges the oldest packet could otherwise let the ring grow for ever.</remarks>
    public const int MaxSpan = 1 << 16;

    private SentPacket[] _packets = new SentPacket[16];
    private SentFrame[] _frames = new SentFrame[32];
    private ulong _oldestFrame;
    private ulong _openFrame;
    private ulong _nextFrame;

    /// <summary>The lowest packet number still remembered; equal to <see cref="Next"/> when none is.</summary>
    public ulong Oldest { get; private set; }

    /// <summary>One more than the highest packet number sent.</summary>
    public ulong Next { get; private set; }

    /// <summary>How many packet numbers are remembered.</summary>
    public int Span => (int)(Next - Oldest);

    /// <summary>How many frames wait for <see cref="Add"/>.</summary>
    public int OpenFrames => (int)(_nextFrame - _openFrame);

    /// <summary>The packet numbered <paramref name="packetNumber"/>, which lies from <see cref="Oldest"/> to below <see cref="Next"/>.</summary>
    public ref SentPacket this[ulong packetNumber] => ref _packets[packetNumber & (ulong)(_packets.Length - 1)];

    /// <summary>The frame with running number <paramref name="index"/>.</summary>
    public ref readonly SentFrame Frame(ulong index) => ref _frames[index & (ulong)(_frames.Length - 1)];

    /// <summary>Frame <paramref name="index"/> of those that wait for <see cref="Add"/>.</summary>
    public SentFrame OpenFrame(int index) => Frame(_openFrame + (ulong)index);

    /// <summary>Records a frame of the packet that is being built.</summary>
    public void Record(in SentFrame frame)
    {
        if (_nextFrame - _oldestFrame == (ulong)_frames.Length) GrowFrames();
        _frames[_nextFrame++ & (ulong)(_frames.Length - 1)] = frame;
    }

    /// <summary>Forgets the frames of a packet that is not sent after all.</summary>
    public void DropOpenFrames() => _nextFrame = _openFrame;

    /// <summary>Adds the packet just built with the frames recorded for it; numbers left out below it become skipped ones.</summary>
    /// <param name="packetNumber">At least <see cref="Next"/>.</param>
    /// <returns>The packet, whose other fields the caller sets where it lies: what is left there is a former packet's.</returns>
    public ref SentPacket Add(ulong packetNumber)
    {
        if (Next == 0) Oldest = Next = packetNumber;
        while (packetNumber - Oldest >= (ulong)_packets.Length) GrowPackets();
        for (; Next < packetNumber; Next++) this[Next] = new SentPacket { FirstFrame = _openFrame };
        ref SentPacket packet = ref this[packetNumber];
        packet.FirstFrame = _openFrame;
        packet.FrameCount = (ushort)(_nextFrame - _openFrame);
        packet.State = SentPacketState.Outstanding;
        _openFrame = _nextFrame;
        Next = packetNumber + 1;
        return ref packet;
    }

    /// <summary>Forgets resolved packets at the old end, and the frames that went with them.</summary>
    public void Trim()
    {
        while (Oldest < Next && this[Oldest].State != SentPacketState.Outstanding) Oldest++;
        _oldestFrame = Oldest < Next ? this[Oldest].FirstFrame : _openFrame;
    }

    /// <summary>Forgets every packet; numbers go on.</summary>
    public void Clear()
    {
        Oldest = Next;
        _oldestFrame = _openFrame = _nextFrame;
    }

    private void GrowPackets()
    {
        SentPacket[] grown = new SentPacket[_packets.Length * 2];
        for (ulong number = Oldest; number < Next; number++) grown[number & (ulong)(grown.Length - 1)] = this[number];
        _packets = grown;
    }

    private void GrowFrames()
    {
        SentFrame[] grown = new SentFrame[_frames.Length * 2];
        for (ulong index = _oldestFrame; index < _nextFrame; index++) grown[index & (ulong)(grown.Length - 1)] = Frame(index);
        _frames = grown;
    }
}

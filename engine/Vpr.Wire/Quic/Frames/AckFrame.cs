namespace Vpr.Wire.Quic;

/// <summary>ACK: the packets that arrived.</summary>
/// <remarks>
/// RFC 9000 §19.3. Enumerating the frame yields <see cref="PacketNumberRange"/>s from the highest down; that none falls below
/// packet number 0 is checked when the frame is parsed, so the sums cannot go wrong later.
/// </remarks>
[WireFormat(Valid = nameof(StaysAboveZero))]
[MemberOf(typeof(QuicFrame), 0x02, Flags = 0x01)]
public readonly ref partial struct AckFrame
{
    /// <summary>Whether <see cref="EcnCounts"/> is present (type 0x03).</summary>
    [TypeBit(0x01)]
    public bool HasEcnCounts { get; init; }

    /// <summary>The highest packet number that arrived.</summary>
    [VarInt]
    public ulong LargestAcknowledged { get; init; }

    /// <summary>How long the acknowledgement of <see cref="LargestAcknowledged"/> was held back, in units of 2^ack_delay_exponent microseconds.</summary>
    [VarInt]
    public ulong AckDelay { get; init; }

    /// <summary>How many elements <see cref="AckRanges"/> has.</summary>
    [VarInt]
    public ulong AckRangeCount { get; init; }

    /// <summary>How many packets directly below <see cref="LargestAcknowledged"/> arrived as well.</summary>
    [VarInt]
    public ulong FirstAckRange { get; init; }

    /// <summary>The further ranges, as they are encoded.</summary>
    [CountFrom(nameof(AckRangeCount))]
    public WireList<AckRange> AckRanges { get; init; }

    /// <summary>ECN codepoints seen; zero when <see cref="HasEcnCounts"/> is false.</summary>
    [When(nameof(HasEcnCounts))]
    public EcnCounts EcnCounts { get; init; }

    private bool StaysAboveZero
    {
        get
        {
            if (FirstAckRange > LargestAcknowledged)
                return false;
            ulong smallest = LargestAcknowledged - FirstAckRange;
            foreach (AckRange range in AckRanges)
            {
                // Both are below 2^62, so the sum cannot overflow.
                ulong down = range.Gap + range.AckRangeLength + 2;
                if (down > smallest)
                    return false;
                smallest -= down;
            }
            return true;
        }
    }

    /// <summary>Goes through the acknowledged packet numbers, the highest range first.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Writes a frame for ranges that the receiver keeps, as many of them as fit.</summary>
    /// <param name="destination">Where the frame goes.</param>
    /// <param name="ranges">What arrived: the highest range first, with a gap of at least one packet between neighbours; at least one range.</param>
    /// <param name="ackDelay">The value of <see cref="AckDelay"/>, already scaled.</param>
    /// <param name="ecnCounts">The codepoints seen, or null for the frame without them.</param>
    /// <param name="written">How many of the ranges the frame tells.</param>
    /// <returns>Bytes written; 0 when not even the first range fits.</returns>
    /// <exception cref="ArgumentException"><paramref name="ranges"/> is empty, or not in descending order with gaps.</exception>
    public static int Write(Span<byte> destination, ReadOnlySpan<PacketNumberRange> ranges, ulong ackDelay, EcnCounts? ecnCounts, out int written)
    {
        written = 0;
        if (ranges.IsEmpty)
            Throw.WrongLength(nameof(ranges));
        PacketNumberRange first = ranges[0];
        if (first.Smallest > first.Largest || first.Largest > VarInt.Max)
            Throw.OutOfRange(nameof(ranges));
        int tail = ecnCounts?.EncodedLength ?? 0;
        int head = 1 + VarInt.Length(first.Largest) + VarInt.Length(ackDelay) + VarInt.Length(first.Largest - first.Smallest);

        // The count stands before the ranges: find how many fit, and with them the count's own length.
        int fitting = 0;
        int length = head + 1 + tail;
        if (length > destination.Length)
            return 0;
        for (int i = 1, body = 0; i < ranges.Length; i++, fitting++)
        {
            AckRange next = Below(ranges[i - 1], ranges[i]);
            body += next.EncodedLength;
            int longer = head + VarInt.Length((ulong)i) + body + tail;
            if (longer > destination.Length)
                break;
            length = longer;
        }

        var writer = new WireWriter(destination);
        writer.WriteUInt8(ecnCounts is null ? (byte)0x02 : (byte)0x03);
        writer.WriteVarInt(first.Largest);
        writer.WriteVarInt(ackDelay);
        writer.WriteVarInt((ulong)fitting);
        writer.WriteVarInt(first.Largest - first.Smallest);
        for (int i = 1; i <= fitting; i++)
            writer.Write(Below(ranges[i - 1], ranges[i]));
        if (ecnCounts is { } counts)
            writer.Write(in counts);
        written = 1 + fitting;
        return length;
    }

    private static AckRange Below(PacketNumberRange upper, PacketNumberRange lower)
    {
        // A gap field of 0 is one missing packet: neighbours that touch have no encoding.
        if (lower.Smallest > lower.Largest || upper.Smallest < 2 || lower.Largest > upper.Smallest - 2)
            Throw.OutOfRange(nameof(lower));
        return new AckRange(upper.Smallest - lower.Largest - 2, lower.Largest - lower.Smallest);
    }

    /// <summary>A place among the acknowledged ranges.</summary>
    public ref struct Enumerator
    {
        private WireList<AckRange>.Enumerator _ranges;
        private bool _started;

        internal Enumerator(AckFrame frame)
        {
            _ranges = frame.AckRanges.GetEnumerator();
            Current = new PacketNumberRange(frame.LargestAcknowledged - frame.FirstAckRange, frame.LargestAcknowledged);
        }

        /// <summary>The range at this place.</summary>
        public PacketNumberRange Current { get; private set; }

        /// <summary>Goes to the next range, which lies below.</summary>
        /// <returns>False behind the last.</returns>
        public bool MoveNext()
        {
            if (!_started)
            {
                _started = true;
                return true;
            }
            if (!_ranges.MoveNext())
                return false;
            ulong largest = Current.Smallest - _ranges.Current.Gap - 2;
            Current = new PacketNumberRange(largest - _ranges.Current.AckRangeLength, largest);
            return true;
        }
    }
}

namespace Vpr.Quic.Congestion;

/// <summary>The window sizes that RFC 9002 fixes for every algorithm.</summary>
internal static class CongestionWindow
{
    /// <summary>The window a path begins with.</summary>
    /// <remarks>kInitialWindow, RFC 9002 §7.2: ten datagrams, limited to the larger of 14,720 bytes and two datagrams.</remarks>
    public static ulong Initial(int maxDatagramSize) =>
        (ulong)Math.Min(10 * maxDatagramSize, Math.Max(14_720, 2 * maxDatagramSize));

    /// <summary>The window below which none goes.</summary>
    /// <remarks>kMinimumWindow, RFC 9002 §7.2</remarks>
    public static ulong Minimum(int maxDatagramSize) => 2 * (ulong)maxDatagramSize;

    /// <summary>Whether a sender used its window, so that the window may grow.</summary>
    /// <remarks>RFC 9002 §7.8. In slow start half a window counts, since it doubles within the round trip; otherwise a pacer's burst may be missing.</remarks>
    public static bool IsUtilized(ulong window, ulong bytesInFlight, bool slowStart, int maxDatagramSize) =>
        bytesInFlight + 3 * (ulong)maxDatagramSize >= window || slowStart && bytesInFlight > window / 2;
}

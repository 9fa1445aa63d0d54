namespace Vpr.Quic;

/// <summary>Something that the application has to know, taken by <c>QuicConnection.TryTakeEvent</c>.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Stream">The stream it happened on; stream 0 when <paramref name="Kind"/> concerns none.</param>
/// <param name="ErrorCode">The application's or transport's error code, 0 to 2^62-1, where <paramref name="Kind"/> has one.</param>
/// <param name="CloseSource">Who closed, for <see cref="ConnectionEventKind.Closed"/>.</param>
public readonly record struct ConnectionEvent(
    ConnectionEventKind Kind,
    StreamId Stream = default,
    ulong ErrorCode = 0,
    CloseSource CloseSource = CloseSource.None);

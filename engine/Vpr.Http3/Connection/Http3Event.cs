using Vpr.Quic;

namespace Vpr.Http3;

/// <summary>Something that the application has to know, taken by <see cref="Http3Connection.TryTakeEvent"/>.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Stream">The stream it happened on, or null.</param>
/// <param name="ErrorCode">The code where <paramref name="Kind"/> has one; a <see cref="TransportErrorCode"/> when the transport closed.</param>
/// <param name="CloseSource">Who closed, for <see cref="Http3EventKind.Closed"/>.</param>
public readonly record struct Http3Event(
    Http3EventKind Kind, Http3Stream? Stream = null, ulong ErrorCode = 0, CloseSource CloseSource = CloseSource.None);

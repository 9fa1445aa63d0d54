using Vpr.Wire.Http3;

namespace Vpr.Http3;

/// <summary>Frame types, as a receiver tells them apart before it has their payload.</summary>
/// <remarks>RFC 9114 §7.2 and §11.2.1</remarks>
internal enum Http3FrameType : ulong
{
    Data = DataFrame.WireType,
    Headers = HeadersFrame.WireType,
    CancelPush = CancelPushFrame.WireType,
    Settings = SettingsFrame.WireType,
    PushPromise = PushPromiseFrame.WireType,
    GoAway = GoAwayFrame.WireType,
    MaxPushId = MaxPushIdFrame.WireType,
}

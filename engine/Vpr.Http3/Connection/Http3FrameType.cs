namespace Vpr.Http3;

/// <summary>Frame types, as a receiver tells them apart before it has their payload.</summary>
/// <remarks>RFC 9114 §7.2 and §11.2.1</remarks>
internal enum Http3FrameType : ulong
{
    Data = 0x00,
    Headers = 0x01,
    CancelPush = 0x03,
    Settings = 0x04,
    PushPromise = 0x05,
    GoAway = 0x07,
    MaxPushId = 0x0d,
}

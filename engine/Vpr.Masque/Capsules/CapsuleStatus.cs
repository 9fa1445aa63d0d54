namespace Vpr.Masque;

/// <summary>What <see cref="CapsuleReader"/> made of the bytes it was given.</summary>
internal enum CapsuleStatus : byte
{
    /// <summary>A capsule is complete.</summary>
    Complete,

    /// <summary>All bytes are taken, and the capsule they belong to goes on.</summary>
    NeedMoreData,

    /// <summary>The capsule is longer than one of its type may be.</summary>
    TooLong,
}

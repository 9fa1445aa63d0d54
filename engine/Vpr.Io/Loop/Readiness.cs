namespace Vpr.Io;

/// <summary>What a source of a loop is ready for, or is watched for.</summary>
[Flags]
public enum Readiness
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A read or receive will not say that nothing waits.</summary>
    Readable = 1,

    /// <summary>A write or send will be taken.</summary>
    Writable = 2,

    /// <summary>The descriptor is broken or its other side is gone; reported whether watched or not.</summary>
    Failed = 4,
}

namespace Vpr.Io;

/// <summary>A set of <see cref="Segmentation"/>: which super-packets a device takes.</summary>
[Flags]
public enum Segmentations : byte
{
    /// <summary>None: each packet goes alone.</summary>
    None = 0,

    /// <summary><see cref="Segmentation.Tcp4"/></summary>
    Tcp4 = 1,

    /// <summary><see cref="Segmentation.Tcp6"/></summary>
    Tcp6 = 2,

    /// <summary><see cref="Segmentation.Udp"/></summary>
    Udp = 4,

    /// <summary>All of them.</summary>
    All = Tcp4 | Tcp6 | Udp,
}

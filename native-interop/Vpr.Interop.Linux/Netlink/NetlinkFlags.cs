namespace Vpr.Interop.Linux;

/// <summary>The flags of a netlink message.</summary>
/// <remarks>linux/netlink.h; the meaning of a bit depends on the kind of request.</remarks>
[Flags]
internal enum NetlinkFlags : ushort
{
    None = 0,

    /// <summary>NLM_F_REQUEST: the kernel is to act on it.</summary>
    Request = 0x1,

    /// <summary>NLM_F_ACK: success is to be answered too.</summary>
    Acknowledge = 0x4,

    /// <summary>NLM_F_DUMP_INTR: what is listed changed while it was listed.</summary>
    DumpInterrupted = 0x10,

    /// <summary>NLM_F_REPLACE, for requests that make something.</summary>
    Replace = 0x100,

    /// <summary>NLM_F_EXCL: fail when it exists.</summary>
    Exclusive = 0x200,

    /// <summary>NLM_F_CREATE: make it when it does not exist.</summary>
    Create = 0x400,

    /// <summary>NLM_F_APPEND: put it after its likes.</summary>
    Append = 0x800,

    /// <summary>NLM_F_DUMP, for requests that list.</summary>
    Dump = 0x300,
}

namespace Vpr.Io;

/// <summary>A device of raw IP packets, one queue of a TUN interface.</summary>
/// <remarks>Never blocks; one thread at a time. Read and write move whole batches so that an offload or a ring can stand behind the same contract.</remarks>
public interface IPacketDevice : IDisposable
{
    /// <summary>The interface's name, as routes and firewalls know it.</summary>
    string Name { get; }

    /// <summary>The interface's MTU in bytes, inner IP header included.</summary>
    int Mtu { get; }

    /// <summary>What packets read may lack, and what packets written may.</summary>
    PacketOffloads Offloads { get; }

    /// <summary>Bytes of the longest packet that is read: <see cref="Mtu"/>, or 65,535 with segmentation offload. A batch to read into has slots for it behind its headroom.</summary>
    int MaxPacketLength { get; }

    /// <summary>Adds to <paramref name="batch"/> the packets that wait, at most as many as fit; with offloads each with what it is to be cut into and what its checksum lacks.</summary>
    /// <remarks>With offloads the last bytes of a slot's headroom are written over.</remarks>
    /// <returns>How many were added; 0 when none waits.</returns>
    int Read(PacketBatch batch);

    /// <summary>Writes the packets of <paramref name="batch"/> in order, each as its slot says; those that the kernel refuses, or that need an offload the device does not have, are dropped and counted.</summary>
    /// <remarks>With offloads the ten bytes in front of each packet in its slot are written over, and must be there.</remarks>
    /// <returns>How many were written.</returns>
    int Write(PacketBatch batch);

    /// <summary>Writes the packets of <paramref name="gather"/> in order from <paramref name="first"/> on, none of them copied together before. A plain packet that the kernel refuses is dropped and counted.</summary>
    /// <returns>
    /// How many packets, from <paramref name="first"/> on, are done with. Fewer than there are when the next one needs an offload that the device does not have or that the
    /// kernel would not do for it: nothing of that packet was written, and the caller cuts it into segments, writes these and goes on behind it, so that no packet is lost
    /// and the order stays.
    /// </returns>
    int Write(PacketGather gather, int first);
}

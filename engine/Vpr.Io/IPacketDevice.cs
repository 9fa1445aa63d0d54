namespace Vpr.Io;

/// <summary>A device of raw IP packets, one queue of a TUN interface.</summary>
/// <remarks>Never blocks; one thread at a time. Read and write move whole batches so that an offload or a ring can stand behind the same contract.</remarks>
public interface IPacketDevice : IDisposable
{
    /// <summary>The interface's name, as routes and firewalls know it.</summary>
    string Name { get; }

    /// <summary>The interface's MTU in bytes, inner IP header included.</summary>
    int Mtu { get; }

    /// <summary>Adds to <paramref name="batch"/> the packets that wait, at most as many as fit.</summary>
    /// <returns>How many were added; 0 when none waits.</returns>
    int Read(PacketBatch batch);

    /// <summary>Writes the packets of <paramref name="batch"/> in order; those that the kernel refuses are dropped and counted.</summary>
    /// <returns>How many were written.</returns>
    int Write(PacketBatch batch);
}

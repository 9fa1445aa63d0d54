using System.Runtime.InteropServices;

namespace Vpr.Interop.Darwin.Tests;

/// <summary>Two descriptors that keep messages apart, as a utun interface and the kernel behind it do.</summary>
internal sealed class SocketPair : IDisposable
{
    private const int AF_UNIX = 1;

    internal SocketPair()
    {
        int[] descriptors = new int[2];
        Assert.Equal(0, socketpair(AF_UNIX, DarwinLibc.SOCK_DGRAM, 0, descriptors));
        Near = SafeDescriptor.Own(descriptors[0], "socketpair");
        Far = SafeDescriptor.Own(descriptors[1], "socketpair");
        Near.SetNonBlocking();
        Far.SetNonBlocking();
    }

    /// <summary>For a device, which closes it.</summary>
    internal SafeDescriptor Near { get; }

    /// <summary>The test's side.</summary>
    internal SafeDescriptor Far { get; }

    internal void Send(params ReadOnlySpan<byte> message)
    {
        if (DarwinLibc.write((int)Far.DangerousGetHandle(), message, (nuint)message.Length) != message.Length) Assert.Fail("The pair does not take a message.");
    }

    /// <summary>Takes a message, or <see langword="null"/> when none waits.</summary>
    internal byte[]? Take()
    {
        byte[] buffer = new byte[4096];
        nint length = DarwinLibc.read((int)Far.DangerousGetHandle(), buffer, (nuint)buffer.Length);
        if (length < 0) Assert.Equal(ErrorNumber.EAGAIN, Marshal.GetLastPInvokeError());
        return length < 0 ? null : buffer[..(int)length];
    }

    public void Dispose() => Far.Dispose();

    [DllImport("libc", SetLastError = true)]
    private static extern int socketpair(int domain, int type, int protocol, int[] descriptors);
}

namespace Vpr.Interop.Linux;

/// <summary>sendmmsg(2), or a kernel of a test's making in its place.</summary>
internal delegate int SendMessages(SafeDescriptor socket, nint messages, uint count, int flags);

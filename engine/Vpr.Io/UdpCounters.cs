namespace Vpr.Io;

/// <summary>What happened to datagrams that did not arrive or did not leave, since the socket was opened.</summary>
/// <param name="Truncated">Datagrams longer than a slot, dropped on arrival.</param>
/// <param name="FailedReceives">Receive calls that failed for another reason than that none waits.</param>
/// <param name="TooLong">Datagrams dropped because they exceed the path's MTU as the kernel knows it (EMSGSIZE); path MTU probes end here.</param>
/// <param name="Unreachable">Datagrams dropped because there is no way to their destination from their source address.</param>
/// <param name="Refused">Datagrams dropped for any other reason, such as a firewall rule or a full device queue.</param>
public readonly record struct UdpCounters(long Truncated, long FailedReceives, long TooLong, long Unreachable, long Refused);

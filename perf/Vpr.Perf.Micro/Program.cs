using Vpr.Perf.Micro.Crypto;
using Vpr.Perf.Micro.Tunnel;
using Vpr.Perf.Micro.Wire;

if (args is ["parsers"])
    return ParserComparison.Run();
if (args is ["packet"])
    return PacketReport.Run();
if (args is ["handshake"])
    return HandshakeReport.Run();
if (args is ["aead"])
    return AeadComparison.Run();
#if NATIVE
Console.Error.WriteLine("A native binary knows only: parsers, packet, handshake, aead.");
return 2;
#else
BenchmarkDotNet.Running.BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
#endif

using BenchmarkDotNet.Running;
using Vpr.Perf.Micro.Tunnel;
using Vpr.Perf.Micro.Wire;

if (args is ["parsers"])
    return ParserComparison.Run();
if (args is ["packet"])
    return PacketReport.Run();
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;

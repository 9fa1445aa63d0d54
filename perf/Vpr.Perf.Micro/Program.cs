using BenchmarkDotNet.Running;
using Vpr.Perf.Micro.Wire;

if (args is ["parsers"])
    return ParserComparison.Run();
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;

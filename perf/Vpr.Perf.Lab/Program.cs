using System.CommandLine;
using Vpr.Interop.Linux;
using Vpr.Perf.Lab;
using Vpr.Perf.Lab.Commands;

ParseResult parsed = BenchCommandLine.Create().Parse(args);
if (parsed.Errors.Count > 0)
{
    Console.Error.WriteLine($"vpr-bench: {parsed.Errors[0].Message} See \"vpr-bench --help\".");
    return BenchException.UsageCode;
}

try
{
    // Long enough for namespaces and processes to be taken away after Ctrl-C.
    var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(30) };
    return await parsed.InvokeAsync(configuration);
}
catch (Exception failure) when (failure is BenchException or LinuxException)
{
    Console.Error.WriteLine($"vpr-bench: {failure.Message}");
    return BenchException.FailureCode;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("vpr-bench: interrupted; namespaces and processes are gone");
    return BenchException.InterruptedCode;
}

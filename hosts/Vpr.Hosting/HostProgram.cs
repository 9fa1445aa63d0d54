using System.CommandLine;

namespace Vpr.Hosting;

/// <summary>Runs a command line and turns whatever goes wrong into one line and an exit code.</summary>
public static class HostProgram
{
    /// <summary>Parses and runs.</summary>
    /// <param name="name">The program's name, before each error line.</param>
    /// <param name="commands">The command line, its actions set.</param>
    /// <param name="arguments">The process's arguments.</param>
    /// <returns>The process's exit code, one of <see cref="ExitCode"/>.</returns>
    public static int Run(string name, RootCommand commands, string[] arguments)
    {
        ParseResult parsed = commands.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            Console.Error.WriteLine($"{name}: {parsed.Errors[0].Message} See \"{name} --help\".");
            return (int)ExitCode.Usage;
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (HostException failure)
        {
            Console.Error.WriteLine($"{name}: {failure.Message}");
            return (int)failure.ExitCode;
        }
    }
}

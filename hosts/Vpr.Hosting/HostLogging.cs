using Microsoft.Extensions.Logging;

namespace Vpr.Hosting;

/// <summary>How hosts log: to standard error, a line an event, warnings and worse from the framework.</summary>
public static class HostLogging
{
    /// <summary>Configures a builder.</summary>
    public static void Configure(ILoggingBuilder logging) => logging
        .AddFilter("Microsoft", LogLevel.Warning)
        // What these say ends in one line of our own.
        .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
        .AddFilter("Microsoft.Hosting.Lifetime", LogLevel.None)
        .AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.None)
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
        .AddSimpleConsole(console => console.SingleLine = true);
}

using Microsoft.Extensions.Logging;

namespace Vpr.Hosting;

/// <summary>How hosts log: to standard error, a line an event, warnings and worse from the framework.</summary>
public static class HostLogging
{
    /// <summary>Configures a builder.</summary>
    public static void Configure(ILoggingBuilder logging) => logging
        .AddFilter("Microsoft", LogLevel.Warning)
        .AddFilter("Microsoft.Hosting.Lifetime", LogLevel.None)
        .AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.None)
        .AddSimpleConsole(console => console.SingleLine = true);
}

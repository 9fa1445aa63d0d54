using Vpr.Io;

namespace Vpr.Hosting.Configuration;

/// <summary>The loop back-ends' names in configuration files.</summary>
public static class IoBackendText
{
    /// <summary>Reads "auto", "uring" or "epoll".</summary>
    public static bool TryParse(string text, out IoBackend backend)
    {
        IoBackend? found = text.ToLowerInvariant() switch
        {
            "auto" => IoBackend.Auto,
            "uring" => IoBackend.IoUring,
            "epoll" => IoBackend.Epoll,
            _ => null,
        };
        backend = found.GetValueOrDefault();
        return found is not null;
    }
}

using Vpr.Client.Control;
using Vpr.Hosting;

namespace Vpr.Client.Commands;

/// <summary>How a tunnel is called: its interface is the profile's file name, as with wg-quick.</summary>
internal static class TunnelName
{
    // IFNAMSIZ, less its terminating zero.
    private const int MaxLength = 15;

    /// <summary>The interface of a profile.</summary>
    /// <exception cref="HostException">The file's name cannot be an interface's.</exception>
    public static string OfProfile(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        if (name.Length is 0 or > MaxLength || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.'))
            throw new HostException(ExitCode.Usage,
                $"The interface takes the file's name, and \"{name}\" cannot be one: rename the profile to 1 to {MaxLength} letters, digits, '-', '_' or '.'.");
        return name;
    }

    /// <summary>The interface that was named, or the only one that is up.</summary>
    /// <exception cref="HostException">None is up, or several are and none was named.</exception>
    public static string Choose(string? named)
    {
        if (named is not null) return named;
        return TunnelSockets.Interfaces() switch
        {
            [] => throw new HostException(ExitCode.NotUp, "No tunnel is up."),
            [string only] => only,
            var up => throw new HostException(ExitCode.Usage, $"Several tunnels are up, name one: {string.Join(", ", up)}."),
        };
    }
}

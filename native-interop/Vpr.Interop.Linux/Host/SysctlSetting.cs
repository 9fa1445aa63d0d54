namespace Vpr.Interop.Linux;

/// <summary>A kernel setting that is changed for as long as this object lives.</summary>
/// <remarks>sysctl(8), proc_sys(5). What lies under net/ belongs to the network namespace of the thread that reads or writes it.</remarks>
public sealed class SysctlSetting : IDisposable
{
    private const string Root = "/proc/sys/";

    private readonly string _path;
    private readonly string _former;
    private bool _isDisposed;

    private SysctlSetting(string path, string former)
    {
        _path = path;
        _former = former;
    }

    /// <summary>Whether the kernel has a setting.</summary>
    /// <param name="name">Its path below /proc/sys: "net/ipv4/ip_forward".</param>
    public static bool Exists(string name) => File.Exists(Root + name);

    /// <summary>What a setting is now.</summary>
    /// <exception cref="LinuxException">There is no such setting, or it may not be read.</exception>
    public static string Read(string name)
    {
        try
        {
            return File.ReadAllText(Root + name).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Explain("read", Root + name, exception);
        }
    }

    /// <summary>Changes a setting.</summary>
    /// <param name="name">Its path below /proc/sys.</param>
    /// <param name="value">The value wanted.</param>
    /// <returns>What restores the former value when it is disposed, on a thread of the same network namespace; <see langword="null"/> when nothing had to be changed.</returns>
    /// <exception cref="LinuxException">There is no such setting, or it may not be changed.</exception>
    public static SysctlSetting? Apply(string name, string value)
    {
        string former = Read(name);
        if (former == value) return null;
        Write(Root + name, value);
        return new SysctlSetting(Root + name, former);
    }

    /// <summary>Restores the former value; a setting that is gone with its interface is left alone.</summary>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        if (File.Exists(_path)) Write(_path, _former);
    }

    private static void Write(string path, string value)
    {
        try
        {
            File.WriteAllText(path, value);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Explain("write", path, exception);
        }
    }

    private static LinuxException Explain(string call, string path, Exception exception)
    {
        LinuxErrorCode error = exception switch
        {
            FileNotFoundException or DirectoryNotFoundException => LinuxErrorCode.ENOENT,
            UnauthorizedAccessException => LinuxErrorCode.EACCES,
            // On Unix an IOException's HResult is the errno of the call.
            _ => (LinuxErrorCode)exception.HResult,
        };
        string name = path[Root.Length..].Replace('/', '.');
        return new LinuxException($"{call} {path}", error, error switch
        {
            LinuxErrorCode.EROFS or LinuxErrorCode.EACCES or LinuxErrorCode.EPERM =>
                $"Run as root; in a container, have {name} set from outside (--sysctl {name}=…)",
            _ => null,
        });
    }
}

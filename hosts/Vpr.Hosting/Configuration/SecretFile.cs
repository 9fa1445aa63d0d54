using System.Text;

namespace Vpr.Hosting.Configuration;

/// <summary>Files with keys: mode 0600 from the first byte, written whole or not at all, refused when others can read them.</summary>
public static class SecretFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Writes a file beside its place and moves it there.</summary>
    /// <exception cref="HostException">The directory cannot be written.</exception>
    public static void Write(string path, string text)
    {
        string fresh = path + ".new";
        try
        {
            File.Delete(fresh);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };
            using (var stream = new FileStream(fresh, options))
            {
                stream.Write(Encoding.UTF8.GetBytes(text));
                stream.Flush(flushToDisk: true);
            }

            File.Move(fresh, path, overwrite: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new HostException(ExitCode.FileUnreadable, $"{path} cannot be written: {fault.Message}", fault);
        }
    }

    /// <summary>Reads a file that nobody but its owner may read.</summary>
    /// <exception cref="HostException">It is missing, unreadable, or open to others.</exception>
    public static string Read(string path)
    {
        try
        {
            if ((File.GetUnixFileMode(path) & Others) != 0)
                throw new HostException(ExitCode.KeyFileExposed, $"{path} holds a key and others can read it: run \"chmod 600 {path}\".");
            return File.ReadAllText(path);
        }
        catch (FileNotFoundException fault)
        {
            throw new HostException(ExitCode.FileUnreadable, $"{path} does not exist.", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new HostException(ExitCode.FileUnreadable, $"{path} cannot be read: {fault.Message}", fault);
        }
    }
}

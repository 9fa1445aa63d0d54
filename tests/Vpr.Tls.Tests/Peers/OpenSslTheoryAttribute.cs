namespace Vpr.Tls.Tests.Peers;

/// <summary>A theory that needs the openssl command, and says so where it is missing.</summary>
internal sealed class OpenSslTheoryAttribute : TheoryAttribute
{
    public OpenSslTheoryAttribute()
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, "openssl")))) Skip = "The openssl command is not installed.";
    }
}

using Vpr.Hosting.Configuration;

namespace Vpr.Hosting.Tests;

public sealed class SecretFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("vpr-").FullName;

    [Fact]
    public void A_written_file_is_its_owners_alone_and_reads_back()
    {
        string path = Path.Combine(_directory, "key");
        SecretFile.Write(path, "first");
        SecretFile.Write(path, "second");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal("second", SecretFile.Read(path));
        Assert.Single(Directory.GetFiles(_directory));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void A_file_that_others_can_reach_is_refused(UnixFileMode extra)
    {
        string path = Path.Combine(_directory, "key");
        SecretFile.Write(path, "secret");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | extra);
        HostException fault = Assert.Throws<HostException>(() => SecretFile.Read(path));
        Assert.Equal(ExitCode.KeyFileExposed, fault.ExitCode);
        Assert.DoesNotContain("secret", fault.ToString());
    }

    [Fact]
    public void A_missing_file_is_told() =>
        Assert.Equal(ExitCode.FileUnreadable, Assert.Throws<HostException>(() => SecretFile.Read(Path.Combine(_directory, "none"))).ExitCode);

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}

using System.Diagnostics;
using System.Net;
using Vpr.Perf.Lab.Measure;
using Vpr.Perf.Lab.Namespaces;

namespace Vpr.Perf.Lab.Peers;

/// <summary>VPR by its published binaries, with settings changed: switches of the configuration are peers of their own, as <c>vpr+Io=epoll</c>.</summary>
/// <param name="name">The peer's name.</param>
/// <param name="binaries">Where <c>vpr-server</c> and <c>vpr-client</c> are.</param>
/// <param name="settings">Keys of the <c>[Tunnel]</c> section, set at both ends.</param>
internal sealed class VprPeer(string name, VprBinaries binaries, IReadOnlyList<KeyValuePair<string, string>> settings) : Peer
{
    private const double BytesPerMegabyte = 1e6;

    private static readonly IPAddress s_serverInside = IPAddress.Parse("10.86.0.1");

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override string Description => settings.Count == 0
        ? "VPR as it is configured by itself: AES-128-GCM twice, CONNECT-IP over HTTP/3"
        : $"VPR with {string.Join(", ", settings.Select(setting => $"{setting.Key} = {setting.Value}"))}";

    /// <inheritdoc/>
    public override string? Missing => binaries.Missing;

    /// <inheritdoc/>
    public override async Task<RunningPeer> StartAsync(LabNetwork network, CancellationToken cancellation)
    {
        string directory = Path.Combine(network.Directory, "server"), profile = Path.Combine(network.Directory, "v" + network.Suffix + ".conf");
        string[] server = [binaries.Server, "--directory", directory];
        await LabNetwork.CheckAsync(network.Server, cancellation, [.. server, "init", "--endpoint", $"{network.ServerAddress}"]).ConfigureAwait(false);
        // The target is the server itself, as with every other peer: nothing is forwarded, so no address is translated.
        Edit(Path.Combine(directory, "server.conf"), [new("Nat", "off"), .. settings]);
        await LabNetwork.CheckAsync(network.Server, cancellation, [.. server, "client", "add", "bench", "--output", profile]).ConfigureAwait(false);
        Edit(profile, [new("Routes", "10.86.0.0/24"), .. settings]);

        ChildProcess serverEnd = ChildProcess.Start(LabNetwork.In(network.Server, [.. server, "run"]));
        try
        {
            await serverEnd.WaitForTextAsync("ready", StartLimit, cancellation).ConfigureAwait(false);
            long start = Stopwatch.GetTimestamp();
            ChildProcess clientEnd = ChildProcess.Start(LabNetwork.In(network.Client, binaries.Client, "up", "--foreground", profile));
            try
            {
                await clientEnd.WaitForTextAsync("is up", StartLimit, cancellation).ConfigureAwait(false);
                return new RunningPeer(s_serverInside, clientEnd, serverEnd)
                {
                    AddClients = (count, stop) => AddClientsAsync(network, server, count, stop),
                    Facts = new Dictionary<string, double>
                    {
                        [Metric.ClientStart.Id] = Stopwatch.GetElapsedTime(start).TotalMilliseconds,
                        [Metric.ClientBinary.Id] = new FileInfo(binaries.Client).Length / BytesPerMegabyte,
                        [Metric.ServerBinary.Id] = new FileInfo(binaries.Server).Length / BytesPerMegabyte,
                    },
                };
            }
            catch
            {
                clientEnd.Dispose();
                throw;
            }
        }
        catch
        {
            serverEnd.Dispose();
            throw;
        }
    }

    private static async Task<IReadOnlyList<string>> AddClientsAsync(LabNetwork network, string[] server, int count, CancellationToken cancellation)
    {
        string[] profiles = [.. Enumerable.Range(1, count).Select(number => Path.Combine(network.Directory, $"client{number}.conf"))];
        foreach (string profile in profiles.Where(profile => !File.Exists(profile)))
            await LabNetwork.CheckAsync(network.Server, cancellation, [.. server, "client", "add", Path.GetFileNameWithoutExtension(profile), "--output", profile]).ConfigureAwait(false);
        return profiles;
    }

    private static void Edit(string path, IEnumerable<KeyValuePair<string, string>> changes) =>
        File.WriteAllText(path, changes.Aggregate(File.ReadAllText(path), (text, change) => TunnelSection.Set(text, change.Key, change.Value)));
}

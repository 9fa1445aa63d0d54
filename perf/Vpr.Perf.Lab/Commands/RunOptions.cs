using System.CommandLine;
using System.CommandLine.Parsing;
using Vpr.Perf.Lab.Measure;
using Vpr.Perf.Lab.Namespaces;
using Vpr.Perf.Lab.Peers;

namespace Vpr.Perf.Lab.Commands;

/// <summary>The options that every measuring subcommand has.</summary>
internal sealed class RunOptions
{
    private const double DefaultStealShare = 0.02;
    private const double DefaultForeignCpus = 0.06;

    /// <summary>Makes them.</summary>
    /// <param name="peers">The peers that are measured by default.</param>
    public RunOptions(IReadOnlyList<string> peers)
    {
        Peers = List("--peers", "Whom to measure, separated by commas; vpr+Key=value changes a setting of VPR, with / for a comma in the value", peers);
    }

    /// <summary><c>--rounds</c></summary>
    public Option<int> Rounds { get; } = Positive("--rounds", "How often every peer is measured", 7);

    /// <summary><c>--seconds</c></summary>
    public Option<int> Seconds { get; } = Positive("--seconds", "How long each measurement lasts", 5);

    /// <summary><c>--peers</c></summary>
    public Option<string[]> Peers { get; }

    /// <summary><c>--bin</c></summary>
    public Option<DirectoryInfo> Binaries { get; } = new("--bin")
    {
        Description = "Where vpr-server and vpr-client are; beside vpr-bench by default",
        DefaultValueFactory = _ => new DirectoryInfo(VprBinaries.DefaultDirectory),
    };

    /// <summary><c>--ping-rate</c></summary>
    public Option<int> PingRate { get; } = Positive("--ping-rate", "Pings a second", 200);

    /// <summary><c>--foreign-cpus</c></summary>
    public Option<double> ForeignCpus { get; } = new("--foreign-cpus")
    {
        Description = "User-mode CPU time of other programs, in cores, above which a measurement is discarded",
        DefaultValueFactory = _ => DefaultForeignCpus,
    };

    /// <summary><c>--steal</c></summary>
    public Option<double> Steal { get; } = new("--steal")
    {
        Description = "The part of all cores' time stolen by the hypervisor above which a measurement is discarded",
        DefaultValueFactory = _ => DefaultStealShare,
    };

    /// <summary><c>--retries</c></summary>
    public Option<int> Retries { get; } = new("--retries") { Description = "How often a disturbed measurement is taken again", DefaultValueFactory = _ => 2 };

    /// <summary><c>--quiet-wait</c></summary>
    public Option<int> QuietWait { get; } = new("--quiet-wait")
    {
        Description = "Seconds to wait at most for the machine to be quiet before each measurement",
        DefaultValueFactory = _ => 30,
    };

    /// <summary><c>--json</c></summary>
    public Option<FileInfo?> Json { get; } = new("--json") { Description = "Write the report, every sample included, as JSON" };

    /// <summary><c>--html</c></summary>
    public Option<FileInfo?> Html { get; } = new("--html") { Description = "Write the report as one HTML file with plots" };

    /// <summary>All but <see cref="Peers"/>, for a command that knows whom it measures.</summary>
    public IReadOnlyList<Option> WithoutPeers => [Rounds, Seconds, Binaries, PingRate, ForeignCpus, Steal, Retries, QuietWait, Json, Html];

    /// <summary>Adds all of them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(Peers);
        foreach (Option option in WithoutPeers) command.Options.Add(option);
    }

    /// <summary>The peers named.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="more">Those that another option adds.</param>
    /// <exception cref="BenchException">One is unknown.</exception>
    public IReadOnlyList<Peer> GetPeers(ParseResult parsed, IReadOnlyList<string> more)
    {
        VprBinaries binaries = VprBinaries.In(parsed.GetRequiredValue(Binaries).FullName);
        return [.. parsed.GetRequiredValue(Peers).Concat(more).Distinct().Select(name => PeerCatalog.Find(name, binaries))];
    }

    /// <summary>When a measurement counts as disturbed.</summary>
    public DisturbanceLimits GetLimits(ParseResult parsed) => new(
        parsed.GetValue(ForeignCpus), parsed.GetValue(Steal), parsed.GetValue(Retries), TimeSpan.FromSeconds(parsed.GetValue(QuietWait)));

    /// <summary>An option that takes a list separated by commas.</summary>
    public static Option<string[]> List(string name, string description, IReadOnlyList<string> defaults) => new(name)
    {
        Description = description,
        CustomParser = result => Split(result),
        DefaultValueFactory = _ => [.. defaults],
        Arity = ArgumentArity.ExactlyOne,
    };

    /// <summary>An option that takes a whole number above 0.</summary>
    public static Option<int> Positive(string name, string description, int value)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int number) && number < 1) result.AddError($"{name} has to be 1 or more.");
        });
        return option;
    }

    /// <summary>Reads the networks' names.</summary>
    /// <exception cref="BenchException">One is unknown.</exception>
    public static IReadOnlyList<NetworkKind> ParseNetworks(IEnumerable<string> names) =>
        [.. names.Select(name => NetworkKindText.TryParse(name, out NetworkKind kind) ? kind
            : throw new BenchException($"There is no network \"{name}\": choose veth, nic-like or bare.")).Distinct()];

    private static string[] Split(ArgumentResult result) =>
        result.Tokens[0].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

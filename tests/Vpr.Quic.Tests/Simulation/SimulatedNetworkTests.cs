using System.Security.Cryptography;
using Vpr.Io;
using Vpr.Testing;

namespace Vpr.Quic.Tests.Simulation;

/// <summary>The network that other tests trust: what each link does, and that a seed repeats a run.</summary>
public class SimulatedNetworkTests
{
    private static readonly UdpEndpoint Left = UdpEndpoint.FromIpv4(0x0A000001, 1000);
    private static readonly UdpEndpoint Right = UdpEndpoint.FromIpv4(0x0A000002, 2000);

    [Fact]
    public void Delay_is_the_same_for_all_and_keeps_the_order()
    {
        (SimulatedNetwork network, Talker left, Talker right) = Build(1, new DelayLink(TimeSpan.FromMilliseconds(25)));
        left.Say(Right, 100);
        left.Say(Right, 200);
        network.RunUntil(() => right.Heard.Count == 2, TimeSpan.FromSeconds(1));
        Assert.Equal([100, 200], right.Heard.Select(heard => heard.Length));
        Assert.Equal(TimeSpan.FromMilliseconds(25), network.Elapsed);
        Assert.Equal(new DatagramPath(Right, Left), right.Heard[0].Path);
    }

    [Fact]
    public void A_bottleneck_spaces_datagrams_drops_from_the_tail_and_marks()
    {
        BottleneckLink bottleneck = new(bitsPerSecond: 8_000_000, queueBytes: 5_000, markAboveBytes: 2_000);
        (SimulatedNetwork network, Talker left, Talker right) = Build(1, bottleneck);
        for (int i = 0; i < 10; i++) left.Say(Right, 972);
        network.RunFor(TimeSpan.FromSeconds(1));
        // 1000 bytes each with headers: a millisecond apart, five in the queue.
        Assert.Equal(5, right.Heard.Count);
        Assert.Equal(5, bottleneck.Dropped);
        Assert.Equal(TimeSpan.FromMilliseconds(1), right.Heard[1].Time - right.Heard[0].Time);
        Assert.Equal([EcnCodepoint.Ect0, EcnCodepoint.Ect0, EcnCodepoint.Ect0, EcnCodepoint.CongestionExperienced, EcnCodepoint.CongestionExperienced], right.Heard.Select(heard => heard.Ecn));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.2)]
    [InlineData(1.0)]
    public void Loss_is_as_frequent_as_asked(double probability)
    {
        (SimulatedNetwork network, Talker left, Talker right) = Build(1, new LossLink(probability));
        for (int i = 0; i < 5_000; i++) left.Say(Right, 10);
        network.RunFor(TimeSpan.FromSeconds(1));
        Assert.InRange(right.Heard.Count, 5_000 * (1 - probability) - 150, 5_000 * (1 - probability) + 150);
    }

    [Fact]
    public void Other_links_do_what_they_say()
    {
        (SimulatedNetwork network, Talker left, Talker right) = Build(3, new MtuLink(1_200), new DropLink((_, number) => number == 1));
        foreach (int length in new[] { 1_201, 1_200, 1_199, 1_198 }) left.Say(Right, length);
        network.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal([1_200, 1_198], right.Heard.Select(heard => heard.Length));

        (network, left, right) = Build(3, new DuplicateLink(1, TimeSpan.FromMilliseconds(3)), new BleachLink());
        left.Say(Right, 50);
        network.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal([EcnCodepoint.NotEct, EcnCodepoint.NotEct], right.Heard.Select(heard => heard.Ecn));

        (network, left, right) = Build(3, new JitterLink(TimeSpan.FromMilliseconds(50)), new CorruptLink(1));
        for (int length = 100; length < 150; length++) left.Say(Right, length);
        network.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(50, right.Heard.Count);
        Assert.NotEqual(right.Heard.Select(heard => heard.Length).Order(), right.Heard.Select(heard => heard.Length));
        Assert.All(right.Heard, heard => Assert.True(heard.Length < 100 || heard.IsDamaged || heard.Length < 150));
        Assert.Contains(right.Heard, heard => heard.IsDamaged);

        (network, left, right) = Build(3, new OutageLink(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(10)));
        for (int i = 0; i < 3; i++)
        {
            left.Say(Right, 10 + i);
            network.RunFor(TimeSpan.FromMilliseconds(10));
        }

        Assert.Equal([10, 12], right.Heard.Select(heard => heard.Length));
    }

    [Fact]
    public void A_NAT_hides_the_left_host_and_forgets_its_old_address()
    {
        RebindingNat nat = new(UdpEndpoint.FromIpv4(0xC0000201, 5000));
        (SimulatedNetwork network, Talker left, Talker right) = Build(1, nat);
        left.Say(Right, 10);
        network.RunFor(TimeSpan.FromMilliseconds(1));
        UdpEndpoint first = right.Heard[0].Path.Remote;
        Assert.Equal(nat.Outside, first);
        right.Say(first, 20);
        network.RunFor(TimeSpan.FromMilliseconds(1));
        Assert.Equal(new DatagramPath(Left, Right), left.Heard[0].Path);

        nat.Rebind();
        right.Say(first, 30);
        left.Say(Right, 40);
        network.RunFor(TimeSpan.FromMilliseconds(1));
        Assert.Single(left.Heard);
        Assert.Equal(first with { Port = 5001 }, right.Heard[1].Path.Remote);
    }

    [Fact]
    public void A_seed_repeats_a_run_and_another_seed_does_not()
    {
        Assert.Equal(Fingerprint(5), Fingerprint(5));
        Assert.NotEqual(Fingerprint(5), Fingerprint(6));
    }

    [Fact]
    public void A_failure_names_its_seed()
    {
        (SimulatedNetwork network, Talker left, _) = Build(4711, new DelayLink(TimeSpan.FromSeconds(3)));
        left.Say(Right, 1);
        SimulationException failure = Assert.Throws<SimulationException>(() => network.RunUntil(() => false, TimeSpan.FromSeconds(1)));
        Assert.Contains("4711", failure.Message, StringComparison.Ordinal);
        (network, _, _) = Build(4712);
        failure = Assert.Throws<SimulationException>(() => network.RunUntil(() => false, TimeSpan.FromSeconds(1)));
        Assert.Contains("4712", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Secret_and_public_bytes_do_not_change_each_other()
    {
        SeededRandom one = new(9);
        SeededRandom two = new(9);
        byte[] first = new byte[40];
        byte[] second = new byte[40];
        one.FillSecret(new byte[100]);
        one.FillPublic(first);
        two.FillPublic(second);
        Assert.Equal(first, second);
        Assert.Contains(first, value => value != 0);
    }

    private static string Fingerprint(ulong seed)
    {
        (SimulatedNetwork network, Talker left, Talker right) = Build(
            seed, new JitterLink(TimeSpan.FromMilliseconds(9)), new LossLink(0.3), new CorruptLink(0.5));
        for (int i = 0; i < 100; i++) left.Say(Right, 100);
        network.RunFor(TimeSpan.FromSeconds(1));
        return string.Join(' ', right.Heard.Select(heard => $"{heard.Time.Nanoseconds} {heard.Hash}"));
    }

    private static (SimulatedNetwork, Talker, Talker) Build(ulong seed, params Link[] links)
    {
        SimulatedNetwork network = new(seed);
        Talker left = new();
        Talker right = new();
        network.Attach(left, Left);
        network.Attach(right, Right);
        network.Connect(left, right, links);
        return (network, left, right);
    }

    /// <summary>Sends what it is told and remembers what it hears.</summary>
    private sealed class Talker : ISimulatedHost
    {
        private readonly Queue<(UdpEndpoint To, int Length)> _toSay = new();

        public List<Heard> Heard { get; } = [];

        public Instant? NextTimeout => null;

        public void Say(UdpEndpoint to, int length) => _toSay.Enqueue((to, length));

        public void Receive(Instant now, in DatagramPath path, EcnCodepoint ecn, Span<byte> datagram) => Heard.Add(
            new Heard(now, path, ecn, datagram.Length, datagram.ContainsAnyExcept((byte)0xAA), Convert.ToHexString(SHA256.HashData(datagram))));

        public int Transmit(Instant now, Span<byte> destination, out DatagramPath path, out EcnCodepoint ecn)
        {
            path = default;
            ecn = EcnCodepoint.Ect0;
            if (!_toSay.TryDequeue(out (UdpEndpoint To, int Length) next)) return 0;
            path = new DatagramPath(default, next.To);
            destination[..next.Length].Fill(0xAA);
            return next.Length;
        }

        public void OnTimeout(Instant now) => throw new InvalidOperationException("No deadline was given.");
    }

    private sealed record Heard(Instant Time, DatagramPath Path, EcnCodepoint Ecn, int Length, bool IsDamaged, string Hash);
}

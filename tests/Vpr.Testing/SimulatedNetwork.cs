using System.Globalization;
using Vpr.Io;

namespace Vpr.Testing;

/// <summary>Hosts, and cables made of links between them, in virtual time: the same seed gives the same run, to the nanosecond.</summary>
/// <remarks>Nothing sleeps: the clock jumps to the next arrival or deadline. Every failure names the seed.</remarks>
/// <param name="seed">What all chance in the network follows from.</param>
public sealed class SimulatedNetwork(ulong seed)
{
    private const int MaxStepsAtOneInstant = 100_000;
    private const int BufferSize = 65_535;
    private const int SmallBufferSize = 2048;

    private readonly PriorityQueue<SimulatedDatagram, (long Time, long Order)> _inTransit = new();
    private readonly Dictionary<UdpEndpoint, ISimulatedHost> _hosts = new();
    private readonly Dictionary<ISimulatedHost, UdpEndpoint> _addresses = new();
    private readonly List<Cable> _cables = new();
    private readonly Stack<SimulatedDatagram> _small = new();
    private readonly byte[] _transmitBuffer = new byte[BufferSize];
    private long _order;

    /// <summary>The network's own chance; fork it for other needs of a test.</summary>
    public SeededRandom Random { get; } = new(seed);

    /// <summary>What the network was made from.</summary>
    public ulong Seed => Random.Seed;

    /// <summary>The virtual time.</summary>
    public Instant Now { get; private set; } = new(1_000_000_000);

    /// <summary>How long the network has run.</summary>
    public TimeSpan Elapsed => Now - new Instant(1_000_000_000);

    /// <summary>Datagrams that hosts sent.</summary>
    public long DatagramsSent { get; private set; }

    /// <summary>Datagrams that reached a host.</summary>
    public long DatagramsDelivered { get; private set; }

    /// <summary>Told of every datagram as it is sent and as it arrives, for a look at a failing run.</summary>
    public Action<Instant, string, SimulatedDatagram>? Observer { get; set; }

    /// <summary>Gives a host an address.</summary>
    public void Attach(ISimulatedHost host, UdpEndpoint address)
    {
        _hosts.Add(address, host);
        _addresses.Add(host, address);
    }

    /// <summary>The address a host was given.</summary>
    public UdpEndpoint AddressOf(ISimulatedHost host) => _addresses[host];

    /// <summary>Lays a cable: datagrams pass the links in order from <paramref name="left"/> to <paramref name="right"/>, and in reverse order back.</summary>
    public void Connect(ISimulatedHost left, ISimulatedHost right, params Link[] links) =>
        _cables.Add(new Cable(left, right, links));

    /// <summary>Runs until <paramref name="done"/> holds.</summary>
    /// <param name="done">Asked after every step.</param>
    /// <param name="limit">Virtual time after which the run has failed.</param>
    /// <exception cref="SimulationException">The limit passed, nothing is left to happen, or a host makes no progress.</exception>
    public void RunUntil(Func<bool> done, TimeSpan limit)
    {
        Instant end = Now + limit;
        int stepsHere = 0;
        Instant here = Now;
        while (true)
        {
            TransmitAll();
            if (done()) return;
            // What the predicate did, as an application would, may have given the hosts something to send.
            TransmitAll();
            Instant next = NextEvent();
            if (next == Instant.Never) throw Failure("nothing is left to happen");
            if (next > end) throw Failure($"not done within {limit}");
            Now = Instant.Max(Now, next);
            stepsHere = here == Now ? stepsHere + 1 : 0;
            here = Now;
            if (stepsHere > MaxStepsAtOneInstant) throw Failure("time stands still");
            Step();
        }
    }

    /// <summary>Runs for <paramref name="duration"/> of virtual time.</summary>
    public void RunFor(TimeSpan duration)
    {
        Instant end = Now + duration;
        while (true)
        {
            TransmitAll();
            Instant next = NextEvent();
            if (next > end) break;
            Now = Instant.Max(Now, next);
            Step();
        }

        Now = end;
    }

    /// <summary>An exception that names the seed and the time.</summary>
    public SimulationException Failure(string what) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"{what} (seed {Seed}, at {Elapsed.TotalSeconds:F6} s, {DatagramsSent} sent, {DatagramsDelivered} delivered)"));

    /// <summary>Sends a datagram on along its cable, after <paramref name="delay"/>; for links.</summary>
    internal void Forward(SimulatedDatagram datagram, TimeSpan delay) =>
        _inTransit.Enqueue(datagram, ((Now + delay).Nanoseconds, _order++));

    /// <summary>A copy at the same place of its way; for links.</summary>
    internal SimulatedDatagram Copy(SimulatedDatagram original)
    {
        SimulatedDatagram copy = Rent(original.Length);
        original.Payload.CopyTo(copy.Buffer);
        (copy.Length, copy.Source, copy.Destination, copy.Ecn) = (original.Length, original.Source, original.Destination, original.Ecn);
        (copy.Cable, copy.Direction, copy.NextLink) = (original.Cable, original.Direction, original.NextLink);
        return copy;
    }

    /// <summary>Takes a datagram out of the network; for links.</summary>
    internal void Drop(SimulatedDatagram datagram)
    {
        if (datagram.Buffer.Length == SmallBufferSize) _small.Push(datagram);
    }

    private SimulatedDatagram Rent(int length) =>
        length > SmallBufferSize ? new SimulatedDatagram(new byte[length])
        : _small.TryPop(out SimulatedDatagram? used) ? used
        : new SimulatedDatagram(new byte[SmallBufferSize]);

    private Instant NextEvent()
    {
        Instant next = _inTransit.TryPeek(out _, out (long Time, long) key) ? new Instant(key.Time) : Instant.Never;
        foreach (ISimulatedHost host in _hosts.Values)
        {
            if (host.NextTimeout is { } timeout) next = Instant.Min(next, timeout);
        }

        return next;
    }

    private void Step()
    {
        foreach (ISimulatedHost host in _hosts.Values)
        {
            if (host.NextTimeout is { } timeout && timeout <= Now) host.OnTimeout(Now);
        }

        if (_inTransit.TryPeek(out SimulatedDatagram? datagram, out (long Time, long) key) && key.Time <= Now.Nanoseconds)
        {
            _inTransit.Dequeue();
            Advance(datagram);
        }
    }

    private void Advance(SimulatedDatagram datagram)
    {
        Link[] links = datagram.Cable!.Links;
        if (datagram.NextLink < links.Length)
        {
            int place = datagram.Direction == LinkDirection.LeftToRight ? datagram.NextLink : links.Length - 1 - datagram.NextLink;
            datagram.NextLink++;
            links[place].Carry(this, datagram, datagram.Direction);
            return;
        }

        ISimulatedHost host = datagram.Direction == LinkDirection.LeftToRight ? datagram.Cable.Right : datagram.Cable.Left;
        DatagramsDelivered++;
        Observer?.Invoke(Now, "arrives", datagram);
        host.Receive(Now, new DatagramPath(datagram.Destination, datagram.Source), datagram.Ecn, datagram.Payload);
        Drop(datagram);
    }

    private void TransmitAll()
    {
        foreach (ISimulatedHost host in _hosts.Values)
        {
            int count = 0;
            while (true)
            {
                int length = host.Transmit(Now, _transmitBuffer, out DatagramPath path, out EcnCodepoint ecn);
                if (length == 0) break;
                if (++count > MaxStepsAtOneInstant) throw Failure("a host sends without end");
                Send(host, path, ecn, _transmitBuffer.AsSpan(0, length));
            }
        }
    }

    private void Send(ISimulatedHost host, in DatagramPath path, EcnCodepoint ecn, ReadOnlySpan<byte> payload)
    {
        DatagramsSent++;
        SimulatedDatagram datagram = Rent(payload.Length);
        payload.CopyTo(datagram.Buffer);
        datagram.Length = payload.Length;
        datagram.Source = path.Local == default ? _addresses[host] : path.Local;
        datagram.Destination = path.Remote;
        datagram.Ecn = ecn;
        datagram.NextLink = 0;
        Observer?.Invoke(Now, "sent", datagram);
        foreach (Cable cable in _cables)
        {
            bool leftToRight = cable.Left == host;
            if (!leftToRight && cable.Right != host) continue;
            ISimulatedHost target = leftToRight ? cable.Right : cable.Left;
            if (!IsReachedBy(cable, target, path.Remote)) continue;
            datagram.Cable = cable;
            datagram.Direction = leftToRight ? LinkDirection.LeftToRight : LinkDirection.RightToLeft;
            Forward(datagram, TimeSpan.Zero);
            return;
        }

        // No route: the datagram is lost, as it would be on a real network.
        Drop(datagram);
    }

    private bool IsReachedBy(Cable cable, ISimulatedHost target, UdpEndpoint address) =>
        _addresses[target] == address || Array.Exists(cable.Links, link => link.Owns(address));
}

using Vpr.Io;
using Vpr.Testing;

namespace Vpr.Quic.Tests.Endpoint;

/// <summary>Datagrams that the kernel received together are taken as they would be one by one.</summary>
public class ReceiveRunTests
{
    private const int Payload = 150;

    private static readonly DatagramPath ToServer = new(EndpointPair.ServerAddress, EndpointPair.ClientAddress);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(46)]
    public void Every_datagram_of_a_run_arrives_in_order(int count)
    {
        using EndpointPair pair = Connected(out List<int> arrived);
        byte[] run = Run(pair, count, out int size);
        pair.Server.Endpoint.ReceiveRun(pair.Network.Now, ToServer, EcnCodepoint.NotEct, run, size);
        Assert.Equal(Enumerable.Range(0, count), arrived);
    }

    [Fact]
    public void The_last_may_be_shorter()
    {
        using EndpointPair pair = Connected(out List<int> arrived);
        byte[] run = Run(pair, 3, out int size), last = Datagram(pair, 3, 20);
        pair.Server.Endpoint.ReceiveRun(pair.Network.Now, ToServer, EcnCodepoint.NotEct, [.. run, .. last], size);
        Assert.Equal([0, 1, 2, 3], arrived);
    }

    /// <summary>One is changed, one is for nobody, one has a long header: the others do not suffer from it.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(18)]
    [InlineData(19)]
    public void A_datagram_that_is_no_good_is_lost_alone(int place)
    {
        Action<Memory<byte>>[] faults =
        [
            static datagram => datagram.Span[^1] ^= 1,
            static datagram => datagram.Span[1] ^= 1,
            static datagram => datagram.Span[0] ^= 0x80,
            static datagram => datagram.Span[0] ^= 0x40,
        ];
        foreach (Action<Memory<byte>> fault in faults)
        {
            using EndpointPair pair = Connected(out List<int> arrived);
            byte[] run = Run(pair, 20, out int size);
            fault(run.AsMemory(place * size, size));
            pair.Server.Endpoint.ReceiveRun(pair.Network.Now, ToServer, EcnCodepoint.NotEct, run, size);
            Assert.Equal(Enumerable.Range(0, 20).Where(number => number != place), arrived);
        }
    }

    /// <summary>Shorter than a header protection sample reaches, at any place a run can be cut into.</summary>
    [Fact]
    public void No_size_reads_beyond_a_datagram()
    {
        using EndpointPair pair = Connected(out List<int> arrived);
        byte[] whole = Run(pair, 1, out _);
        for (int size = 1; size < whole.Length; size++)
            pair.Server.Endpoint.ReceiveRun(pair.Network.Now, ToServer, EcnCodepoint.NotEct, (byte[])whole.Clone(), size);
        Assert.Empty(arrived);
        Assert.False(pair.ServerConnection!.IsClosed);
        pair.Server.Endpoint.ReceiveRun(pair.Network.Now, ToServer, EcnCodepoint.NotEct, whole, whole.Length);
        Assert.Equal([0], arrived);
    }

    [Fact]
    public void A_connection_that_has_ended_delivers_nothing()
    {
        using EndpointPair pair = Connected(out List<int> arrived);
        byte[] run = Run(pair, 3, out int size);
        pair.ServerConnection!.Close(0, "over"u8);
        pair.Server.Endpoint.ReceiveRun(pair.Network.Now, ToServer, EcnCodepoint.NotEct, run, size);
        Assert.Empty(arrived);
    }

    private static EndpointPair Connected(out List<int> arrived)
    {
        EndpointPair pair = new(71, new PairOptions());
        pair.ConnectAndConfirm();
        pair.Network.RunFor(TimeSpan.FromSeconds(1));
        List<int> numbers = arrived = [];
        pair.ServerConnection!.DatagramHandler = new Handler(numbers);
        return pair;
    }

    private static byte[] Run(EndpointPair pair, int count, out int size)
    {
        List<byte> run = [];
        for (int number = 0; number < count; number++) run.AddRange(Datagram(pair, number, Payload));
        size = run.Count / count;
        Assert.Equal(size * count, run.Count);
        return [.. run];
    }

    // A datagram that carries its number.
    private static byte[] Datagram(EndpointPair pair, int number, int length)
    {
        const int Headroom = 64;
        byte[] buffer = new byte[Headroom + length + 64];
        buffer[Headroom] = (byte)number;
        PacketSlot packet = default;
        Assert.Equal(DatagramStatus.Sent, pair.ClientConnection.TransmitDatagram(pair.Network.Now, buffer, Headroom, length, ref packet));
        return buffer[packet.Offset..(packet.Offset + packet.Length)];
    }

    private sealed class Handler(List<int> numbers) : IDatagramHandler
    {
        public void OnDatagram(QuicConnection connection, Span<byte> payload) => numbers.Add(payload[0]);
    }
}

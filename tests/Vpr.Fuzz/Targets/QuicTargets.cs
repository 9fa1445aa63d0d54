using Vpr.Fuzz.Generation;
using Vpr.Io;
using Vpr.Quic;
using Vpr.Testing;
using Vpr.Tls;
using Vpr.Wire.Quic;

namespace Vpr.Fuzz.Targets;

/// <summary>A QUIC server and a hostile client, as far as one datagram takes it.</summary>
internal static class QuicTargets
{
    private const int AmplificationFactor = 3;
    private static readonly byte[] ClientId = [1, 2, 3, 4, 5, 6, 7, 8];
    private static readonly DatagramPath Path = new(UdpEndpoint.FromIpv4(0xC0000201, 443), UdpEndpoint.FromIpv4(0xC6336401, 50_000));
    private static readonly Instant Now = new(1_000_000_000);
    private static readonly FuzzTarget ClientHello = TlsTargets.All.Single(target => target.Name == "TlsServer");

    private static readonly Type[] Parameters = [.. TargetCatalog.MembersOf(typeof(TransportParameter))];

    /// <summary>Transport parameters, whole datagrams, and frames in a packet whose protection is right.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new ReaderTarget("QuicTransportParameters", ReadTransportParameters, MakeTransportParameters),
        new ReaderTarget("QuicDatagram", ReadDatagram, MakeDatagram) { Period = 16 },
        new ReaderTarget("QuicInitialPayload", ReadInitialPayload, MakeInitialPayload) { Period = 16 },
    ];

    private static ulong ReadTransportParameters(ReadOnlySpan<byte> input)
    {
        if (TransportParameters.Parse(input, fromServer: false) is not { } parameters)
            return TransportParameters.Parse(input, fromServer: true) is null ? 0 : 1UL;
        Span<byte> written = stackalloc byte[TransportParameters.MaxEncodedLength];
        written = written[..parameters.Write(written)];
        TransportParameters? again = TransportParameters.Parse(written, fromServer: false);
        FuzzViolationException.Require(again == parameters, "Parameters come back as they were.");
        var digest = new Digest();
        digest.Add(written);
        return digest.Value;
    }

    private static ulong ReadDatagram(ReadOnlySpan<byte> input)
    {
        using QuicEndpoint endpoint = CreateServer();
        return Deliver(endpoint, input.ToArray());
    }

    private static ulong ReadInitialPayload(ReadOnlySpan<byte> input)
    {
        using QuicEndpoint endpoint = CreateServer();
        return Deliver(endpoint, Protect(input[..Math.Min(input.Length, 1400)]));
    }

    private static ulong Deliver(QuicEndpoint endpoint, byte[] datagram)
    {
        int received = datagram.Length;
        QuicConnection? connection = endpoint.Receive(Now, Path, EcnCodepoint.NotEct, datagram);
        byte[] room = new byte[2048];
        int sent = 0;
        int datagrams = 0;
        for (int length = 1; length > 0; sent += length, datagrams++)
            length = endpoint.Transmit(Now, room, out _, out _);
        // RFC 9000 §8.1: before the address is validated.
        FuzzViolationException.Require(sent <= AmplificationFactor * received, "A stranger gets at most three times its bytes.");
        // Signatures differ in length from run to run, so bytes are no digest.
        return connection is null && sent == 0 ? 0 : (uint)datagrams | 1UL << 32;
    }

    private static QuicEndpoint CreateServer() => new(new EndpointOptions
    {
        Random = new SeededRandom(3),
        Server = new ServerConnectionOptions { Tls = TlsTargets.ServerOptions },
    });

    // A client's first packet with these bytes for frames, padded to 1200 (RFC 9000 §14.1).
    private static byte[] Protect(ReadOnlySpan<byte> frames)
    {
        InitialSecrets.Derive(new ConnectionId(ClientId), isClient: true, out PacketProtection read, out PacketProtection write);
        using (read)
        using (write)
        {
            byte[] packet = new byte[Math.Max(1200, frames.Length + 100)];
            var header = new InitialHeader { FixedBit = true, Version = 1, DestinationConnectionId = ClientId, SourceConnectionId = ClientId };
            int position = header.Write(packet);
            position += VarInt.Write(packet.AsSpan(position), (ulong)(packet.Length - position - 2), 2);
            frames.CopyTo(packet.AsSpan(position + 1));
            write.Protect(packet, position, 1, 0, write.Key);
            return packet;
        }
    }

    private static void MakeTransportParameters(EncodingBuffer output, ref FuzzRandom random)
    {
        for (int parameters = random.Below(8); parameters > 0; parameters--)
            StructureGenerator.For(Parameters[random.Below(Parameters.Length)]).Append(output, ref random);
    }

    private static void MakeInitialPayload(EncodingBuffer output, ref FuzzRandom random)
    {
        var hello = new EncodingBuffer();
        ClientHello.Generate(hello, ref random);
        if (random.OneIn(2))
            Mutator.Mutate(hello, [], ref random);
        output.Append([0x06, 0x00]);
        output.AppendVarInt((ulong)hello.Length);
        output.Append(hello.Written);
    }

    private static void MakeDatagram(EncodingBuffer output, ref FuzzRandom random)
    {
        if (random.OneIn(4))
        {
            MakeInitialPayload(output, ref random);
            byte[] packet = Protect(output.Written[..Math.Min(output.Length, 1400)]);
            output.Clear();
            output.Append(packet);
            return;
        }
        Type[] packets = [typeof(InitialPacket), typeof(HandshakePacket), typeof(ZeroRttPacket), typeof(InvariantLongHeader), typeof(ShortHeader), typeof(RetryPacket), typeof(VersionNegotiationPacket)];
        StructureGenerator.For(packets[random.Below(packets.Length)]).Append(output, ref random);
        random.Fill(output.Extend(random.OneIn(2) ? 1200 : random.Below(64)));
    }
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Vpr.Fuzz.Generation;
using Vpr.Testing;
using Vpr.Tls;

namespace Vpr.Fuzz.Targets;

/// <summary>Handshakes with a hostile peer. CRYPTO bytes reach them in the clear, so no key stands between the input and the parser.</summary>
internal static class TlsTargets
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly X509Certificate2 Leaf = CreateLeaf();
    private static readonly ServerCertificate Certificate = new(Leaf);
    private static readonly byte[][] ClientHellos = [.. Enumerable.Range(1, 4).Select(ClientHello)];
    private static readonly byte[] ServerFlight = CreateServerFlight();

    /// <summary>Both ends.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new ReaderTarget("TlsServer", ReadAsServer, MakeClientHello) { Period = 16 },
        new ReaderTarget("TlsClient", ReadAsClient, MakeServerFlight) { Period = 16 },
    ];

    /// <summary>What a server needs; its randomness starts anew with each copy.</summary>
    public static ServerHandshakeOptions ServerOptions =>
        new() { Certificates = [Certificate], ApplicationProtocols = ["h3"], Random = new SeededRandom(2) };

    private static ulong ReadAsServer(ReadOnlySpan<byte> input)
    {
        using var server = CreateServer();
        bool going = server.Receive(EncryptionLevel.Initial, input);
        FuzzViolationException.Require(going == server.Alert is null, "A handshake that stops says why.");
        return Digest(server);
    }

    // Two bytes say how much of the rest comes at the Initial level; what follows comes at the Handshake level.
    private static ulong ReadAsClient(ReadOnlySpan<byte> input)
    {
        if (input.Length < 2)
            return 0;
        using var client = CreateClient();
        Drain(client);
        int initial = Math.Min(input[0] << 8 | input[1], input.Length - 2);
        bool going = client.Receive(EncryptionLevel.Initial, input.Slice(2, initial))
            && client.Receive(EncryptionLevel.Handshake, input[(2 + initial)..]);
        FuzzViolationException.Require(going == client.Alert is null, "A handshake that stops says why.");
        return Digest(client);
    }

    private static ulong Digest(TlsHandshake handshake)
    {
        var digest = new Digest();
        digest.Add((ulong?)handshake.Alert ?? ulong.MaxValue);
        digest.Add(handshake.IsComplete ? 1UL : 0);
        digest.Add((ulong)handshake.PeerTransportParameters.GetValueOrDefault().Length);
        Drain(handshake);
        return handshake.Alert is null ? digest.Value : digest.Value & 0xFF | 1UL << 8;
    }

    private static void Drain(TlsHandshake handshake)
    {
        while (handshake.TryTakeOutput(out _, out _))
        {
        }
        while (handshake.TryTakeSecret(out TrafficSecret? secret))
            secret.Dispose();
    }

    private static ClientHandshake CreateClient(ulong seed = 1, ClientHelloShape? shape = null) => new(
        new ClientHandshakeOptions
        {
            ServerName = "www.example.org",
            ApplicationProtocols = ["h3"],
            Trust = ServerTrust.PinnedKey(ServerTrust.PinOf(Leaf)),
            VerificationTime = Now,
            Random = new SeededRandom(seed),
            Shape = shape ?? ClientHelloShape.Plain,
        },
        [0x01, 0x01, 0x05]);

    private static ServerHandshake CreateServer() => new(ServerOptions, [0x01, 0x01, 0x06]);

    private static byte[] ClientHello(int seed)
    {
        using ClientHandshake client = CreateClient((ulong)seed, seed % 2 == 0 ? ClientHelloShape.Chrome : ClientHelloShape.Plain);
        client.TryTakeOutput(out _, out ReadOnlySpan<byte> hello);
        return hello.ToArray();
    }

    private static byte[] CreateServerFlight()
    {
        using ServerHandshake server = CreateServer();
        server.Receive(EncryptionLevel.Initial, ClientHello(1));
        var initial = new List<byte>();
        var handshake = new List<byte>();
        while (server.TryTakeOutput(out EncryptionLevel level, out ReadOnlySpan<byte> bytes))
            (level == EncryptionLevel.Initial ? initial : handshake).AddRange(bytes);
        return [(byte)(initial.Count >> 8), (byte)(initial.Count & 0xFF), .. initial, .. handshake];
    }

    private static void MakeClientHello(EncodingBuffer output, ref FuzzRandom random) =>
        output.Append(ClientHellos[random.Below(ClientHellos.Length)]);

    private static void MakeServerFlight(EncodingBuffer output, ref FuzzRandom random) => output.Append(ServerFlight);

    private static X509Certificate2 CreateLeaf()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=www.example.org", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(Now.AddYears(-1), Now.AddYears(1));
    }
}

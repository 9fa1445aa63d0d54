using Vpr.Testing;

namespace Vpr.Tls.Tests;

/// <summary>A client and a server that hand each other their CRYPTO streams.</summary>
internal sealed class HandshakePair : IDisposable
{
    public HandshakePair(ClientHandshakeOptions? client = null, ServerHandshakeOptions? server = null)
    {
        Client = new ClientHandshake(client ?? ClientOptions(), ClientTransportParameters);
        Server = new ServerHandshake(server ?? ServerOptions(), ServerTransportParameters);
    }

    /// <summary>Sees each run of bytes before it is delivered, and may change it.</summary>
    public delegate byte[] Tamper(bool fromClient, EncryptionLevel level, byte[] bytes);

    public static byte[] ClientTransportParameters { get; } = [1, 2, 3, 4];

    public static byte[] ServerTransportParameters { get; } = [5, 6, 7];

    public ClientHandshake Client { get; }

    public ServerHandshake Server { get; }

    public List<TrafficSecret> ClientSecrets { get; } = [];

    public List<TrafficSecret> ServerSecrets { get; } = [];

    /// <summary>Bytes of each piece that is handed over.</summary>
    public int FragmentLength { get; init; } = int.MaxValue;

    public Tamper? OnDeliver { get; init; }

    public bool IsComplete => Client.IsComplete && Server.IsComplete;

    public static ClientHandshakeOptions ClientOptions(ulong seed = 1) => new()
    {
        ServerName = TestCertificates.Name,
        ApplicationProtocols = ["h3"],
        Trust = ServerTrust.PrivateCa(TestCertificates.Root),
        VerificationTime = TestCertificates.Now,
        Random = new SeededRandom(seed),
    };

    public static ServerHandshakeOptions ServerOptions(ServerCertificate? certificate = null, ulong seed = 2) => new()
    {
        Certificates = [certificate ?? TestCertificates.EcdsaP256],
        ApplicationProtocols = ["h3"],
        Random = new SeededRandom(seed),
    };

    /// <summary>Hands bytes over until neither end has any, or one has failed.</summary>
    public HandshakePair Run()
    {
        bool moved;
        do
        {
            moved = Deliver(Client, Server, ClientSecrets, ServerSecrets);
            moved |= Deliver(Server, Client, ServerSecrets, ClientSecrets);
        }
        while (moved && Client.Alert is null && Server.Alert is null);

        return this;
    }

    public void Dispose()
    {
        foreach (TrafficSecret secret in ClientSecrets.Concat(ServerSecrets)) secret.Dispose();
        Client.Dispose();
        Server.Dispose();
    }

    private bool Deliver(TlsHandshake from, TlsHandshake to, List<TrafficSecret> fromSecrets, List<TrafficSecret> toSecrets)
    {
        bool moved = false;
        Collect(from, fromSecrets);
        while (from.TryTakeOutput(out EncryptionLevel level, out ReadOnlySpan<byte> bytes))
        {
            moved = true;
            byte[] delivered = OnDeliver?.Invoke(from == Client, level, bytes.ToArray()) ?? bytes.ToArray();
            foreach (byte[] piece in delivered.Chunk(FragmentLength))
            {
                bool going = to.Receive(level, piece);
                Assert.Equal(going, to.Alert is null);
                Collect(to, toSecrets);
            }
        }

        return moved;
    }

    private static void Collect(TlsHandshake handshake, List<TrafficSecret> secrets)
    {
        while (handshake.TryTakeSecret(out TrafficSecret? secret)) secrets.Add(secret);
    }
}

using BenchmarkDotNet.Attributes;
using Vpr.Crypto;
using Vpr.Io;

namespace Vpr.Perf.Micro.Crypto;

/// <summary>What one handshake pays for its keys.</summary>
[MemoryDiagnoser]
public class KeyAgreementBenchmarks
{
    private readonly CountingRandomSource _random = new();
    private readonly byte[] _ciphertext = new byte[MlKem768.CiphertextLength];
    private readonly byte[] _secret = new byte[32];
    private MlKem768DecapsulationKey _kem = null!;
    private X25519PrivateKey _own = null!;
    private X25519PrivateKey _peer = null!;

    [GlobalSetup]
    public void Setup()
    {
        _kem = MlKem768DecapsulationKey.Generate(_random);
        _own = X25519PrivateKey.Generate(_random);
        _peer = X25519PrivateKey.Generate(_random);
        MlKem768.Encapsulate(_kem.EncapsulationKey, _random, _ciphertext, _secret);
    }

    [Benchmark]
    public void MlKemGenerate() => MlKem768DecapsulationKey.Generate(_random).Dispose();

    [Benchmark]
    public bool MlKemEncapsulate() => MlKem768.Encapsulate(_kem.EncapsulationKey, _random, _ciphertext, _secret);

    [Benchmark]
    public bool MlKemDecapsulate() => _kem.Decapsulate(_ciphertext, _secret);

    [Benchmark]
    public void X25519Generate() => X25519PrivateKey.Generate(_random).Dispose();

    [Benchmark]
    public bool X25519Agree() => _own.Agree(_peer.PublicKey, _secret);

    private sealed class CountingRandomSource : IRandomSource
    {
        private byte _next;

        public void FillSecret(Span<byte> destination)
        {
            foreach (ref byte octet in destination) octet = unchecked(_next++);
        }

        public void FillPublic(Span<byte> destination) => FillSecret(destination);
    }
}

using BenchmarkDotNet.Attributes;
using Vpr.Crypto;

namespace Vpr.Perf.Micro.Crypto;

/// <summary>The mask of one packet header.</summary>
[MemoryDiagnoser]
public class HeaderProtectionBenchmarks
{
    private readonly byte[] _sample = new byte[16];
    private readonly byte[] _mask = new byte[5];
    private HeaderProtection _protection = null!;

    [Params(AeadAlgorithm.Aes128Gcm, AeadAlgorithm.Aes256Gcm, AeadAlgorithm.ChaCha20Poly1305)]
    public AeadAlgorithm Algorithm { get; set; }

    [GlobalSetup]
    public void Setup() => _protection = HeaderProtection.Create(Algorithm, new byte[Algorithm.KeyLength()]);

    [Benchmark]
    public void Mask() => _protection.Mask(_sample, _mask);
}

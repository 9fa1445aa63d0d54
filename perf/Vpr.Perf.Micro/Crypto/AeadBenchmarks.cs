using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Vpr.Crypto;

namespace Vpr.Perf.Micro.Crypto;

/// <summary>Sealing and opening a packet in place, beside the framework's AES-GCM doing the same.</summary>
[MemoryDiagnoser]
public class AeadBenchmarks
{
    private readonly byte[] _nonce = new byte[12];
    private readonly byte[] _header = new byte[20];
    private readonly byte[] _tag = new byte[16];
    private Aead _aead = null!;
    private AesGcm _framework = null!;
    private byte[] _text = [];
    private byte[] _sealed = [];
    private byte[] _sealedTag = [];

    /// <summary>Bytes of a packet.</summary>
    [Params(64, 1300)]
    public int Length { get; set; }

    /// <summary>The algorithm of ours.</summary>
    [Params(AeadAlgorithm.Aes128Gcm, AeadAlgorithm.Aes256Gcm)]
    public AeadAlgorithm Algorithm { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        byte[] key = new byte[Algorithm.KeyLength()];
        _aead = Aead.Create(Algorithm, key);
        _framework = new AesGcm(key, 16);
        _text = new byte[Length];
        _sealed = new byte[Length];
        _sealedTag = new byte[16];
        _aead.Seal(_nonce, _header, _sealed, _sealedTag);
    }

    [Benchmark]
    public void Seal() => _aead.Seal(_nonce, _header, _text, _tag);

    [Benchmark(Baseline = true)]
    public void SealByFramework() => _framework.Encrypt(_nonce, _text, _text, _tag, _header);

    /// <summary>Opening in place consumes the ciphertext, so a copy of it is part of both measurements.</summary>
    [Benchmark]
    public bool Open()
    {
        _sealed.CopyTo(_text, 0);
        return _aead.Open(_nonce, _header, _text, _sealedTag);
    }

    [Benchmark]
    public void OpenByFramework()
    {
        _sealed.CopyTo(_text, 0);
        _framework.Decrypt(_nonce, _text, _sealedTag, _text, _header);
    }
}

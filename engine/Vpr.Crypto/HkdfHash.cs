using System.Security.Cryptography;

namespace Vpr.Crypto;

/// <summary>The hash functions that key derivation runs on.</summary>
public enum HkdfHash
{
    /// <summary>SHA-256, 32 bytes.</summary>
    Sha256,

    /// <summary>SHA-384, 48 bytes.</summary>
    Sha384,
}

/// <summary>What follows from the choice of an <see cref="HkdfHash"/>.</summary>
public static class HkdfHashExtensions
{
    /// <summary>Bytes of the hash, of a pseudorandom key and of a traffic secret: 32 or 48.</summary>
    public static int Length(this HkdfHash hash) => hash switch
    {
        HkdfHash.Sha256 => SHA256.HashSizeInBytes,
        HkdfHash.Sha384 => SHA384.HashSizeInBytes,
        _ => throw new ArgumentOutOfRangeException(nameof(hash)),
    };

    internal static HashAlgorithmName Name(this HkdfHash hash) => hash switch
    {
        HkdfHash.Sha256 => HashAlgorithmName.SHA256,
        HkdfHash.Sha384 => HashAlgorithmName.SHA384,
        _ => throw new ArgumentOutOfRangeException(nameof(hash)),
    };
}

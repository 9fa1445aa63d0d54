namespace Vpr.Crypto;

/// <summary>What AES-GCM and AES header protection run on in this process.</summary>
public enum AesProvider
{
    /// <summary>VAES and VPCLMULQDQ, two blocks an instruction; headers are protected by AES-NI.</summary>
    VectorInstructions,

    /// <summary>AES-NI and PCLMULQDQ, or the cryptography extension of Arm64.</summary>
    ProcessorInstructions,

    /// <summary>libcrypto: the processor has no such instructions.</summary>
    LibCrypto,

    /// <summary>libcrypto: the processor has such instructions, but with them the known answers did not come out. Something is broken and worth a report.</summary>
    LibCryptoAfterFailedSelfTest,
}

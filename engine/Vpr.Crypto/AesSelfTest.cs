namespace Vpr.Crypto;

/// <summary>Known answers, asked once in a process before the first AES key is used.</summary>
/// <remarks>The answers are those of OpenSSL to the same questions, and of FIPS 197 §C.1.</remarks>
internal static class AesSelfTest
{
    // Longer than the powers of the hash key reach, and with a tail: every path of the batches is taken.
    private const int LongText = 1_700;
    private const int ShortText = 77;

    // The tags of texts of 1,700 and 77 bytes under a key of 16 bytes, then of 32.
    private static ReadOnlySpan<byte> Answers => [
        0x63, 0x09, 0x1a, 0xcb, 0x94, 0xd6, 0x77, 0x4f, 0x4d, 0xe8, 0x2d, 0x4f, 0xba, 0x0f, 0x95, 0x22,
        0x1d, 0x78, 0x09, 0x7b, 0x46, 0x70, 0x24, 0xe9, 0x56, 0xfb, 0x74, 0xce, 0x4a, 0xec, 0x30, 0xaa,
        0xf5, 0x5a, 0x9f, 0xb2, 0xe9, 0xa7, 0xf8, 0x68, 0x51, 0x74, 0xcd, 0xed, 0x9d, 0xab, 0x5b, 0x4c,
        0xa5, 0x60, 0xc4, 0xef, 0x49, 0x2d, 0x50, 0x19, 0xab, 0x5d, 0x19, 0x92, 0x6e, 0x2e, 0x33, 0x3d,
    ];

    /// <summary>What keys are to be made with.</summary>
    internal static AesProvider Provider { get; } =
        VaesGcm.IsSupported ? Choose(AesProvider.VectorInstructions, static key => new VaesGcm(key), static key => new AesNiHeaderProtection(key))
        : AesNiGcm.IsSupported ? Choose(AesProvider.ProcessorInstructions, static key => new AesNiGcm(key), static key => new AesNiHeaderProtection(key))
        : ArmCryptography.IsSupported
            ? Choose(AesProvider.ProcessorInstructions, static key => new ArmGcm<ArmCryptography>(key), static key => new ArmHeaderProtection<ArmCryptography>(key))
        : AesProvider.LibCrypto;

    /// <summary>Asks, and decides.</summary>
    internal static AesProvider Choose(AesProvider candidate, Func<byte[], AeadKey> createAead, Func<byte[], HeaderProtectionKey> createHeaderProtection) =>
        AnswersAead(createAead, 16, 0) && AnswersAead(createAead, 32, 2) && AnswersMask(createHeaderProtection)
            ? candidate
            : AesProvider.LibCryptoAfterFailedSelfTest;

    private static bool AnswersAead(Func<byte[], AeadKey> create, int keyLength, int answer)
    {
        using AeadKey key = create(Pattern(keyLength));
        return Answers(key, LongText, answer) && Answers(key, ShortText, answer + 1);

        static bool Answers(AeadKey key, int length, int answer)
        {
            byte[] nonce = Pattern(Aead.NonceLength), data = Pattern(20), text = Pattern(length), tag = new byte[Aead.TagLength];
            key.SealCore(nonce, data, text, tag);
            if (!tag.AsSpan().SequenceEqual(AesSelfTest.Answers.Slice(answer * Aead.TagLength, Aead.TagLength))) return false;
            if (!key.OpenCore(nonce, data, text, tag) || !text.AsSpan().SequenceEqual(Pattern(length))) return false;
            tag[0] ^= 1;
            return !key.OpenCore(nonce, data, text, tag);
        }
    }

    private static bool AnswersMask(Func<byte[], HeaderProtectionKey> create)
    {
        byte[] key = new byte[16], sample = new byte[HeaderProtection.SampleLength], mask = new byte[HeaderProtection.MaskLength];
        for (int i = 0; i < key.Length; i++) (key[i], sample[i]) = ((byte)i, (byte)(i * 0x11));
        using HeaderProtectionKey protection = create(key);
        protection.MaskCore(sample, mask);
        ReadOnlySpan<byte> answer = [0x69, 0xc4, 0xe0, 0xd8, 0x6a];
        return answer.SequenceEqual(mask);
    }

    private static byte[] Pattern(int length)
    {
        byte[] pattern = new byte[length];
        for (int i = 0; i < length; i++) pattern[i] = (byte)(i * 7 + length);
        return pattern;
    }
}

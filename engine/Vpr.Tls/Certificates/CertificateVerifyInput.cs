using Vpr.Crypto;

namespace Vpr.Tls;

/// <summary>What the signature of a CertificateVerify covers: padding, a context string, a zero, the transcript hash.</summary>
/// <remarks>RFC 8446 §4.4.3</remarks>
internal static class CertificateVerifyInput
{
    private const int Padding = 64;

    private static ReadOnlySpan<byte> ServerContext => "TLS 1.3, server CertificateVerify\0"u8;

    /// <summary>Bytes of the input under SHA-384, the longest.</summary>
    public static int MaxLength => Padding + ServerContext.Length + KeySchedule.MaxSecretLength;

    /// <summary>Writes the input of a server's signature.</summary>
    /// <param name="transcript">The messages up to and including Certificate.</param>
    /// <param name="buffer">At least <see cref="MaxLength"/> bytes.</param>
    /// <returns>The part of <paramref name="buffer"/> that is the input.</returns>
    public static ReadOnlySpan<byte> Server(TranscriptHash transcript, Span<byte> buffer)
    {
        int hashLength = transcript.Hash.Length();
        buffer[..Padding].Fill(0x20);
        ServerContext.CopyTo(buffer[Padding..]);
        transcript.Current(buffer.Slice(Padding + ServerContext.Length, hashLength));
        return buffer[..(Padding + ServerContext.Length + hashLength)];
    }
}

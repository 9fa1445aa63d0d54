using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using Vpr.Http3;

namespace Vpr.Masque;

/// <summary>The authentication scheme "Noise": a handshake message in base64url, in Authorization of the request and Authentication-Info of the response.</summary>
/// <remarks>RFC 9110 §11.4 and §11.6 for the fields, RFC 4648 §5 for the encoding, without padding.</remarks>
public static class NoiseScheme
{
    /// <summary>The longest message that is taken, in bytes: twice what the handshake needs.</summary>
    public const int MaxMessageLength = 4096;

    private static ReadOnlySpan<byte> Prefix => "Noise "u8;

    /// <summary>Adds a field that carries a message.</summary>
    /// <param name="fields">The head it goes into.</param>
    /// <param name="name"><see cref="FieldNames.Authorization"/> or <see cref="FieldNames.AuthenticationInfo"/>.</param>
    /// <param name="message">The message.</param>
    public static void Add(FieldSection fields, ReadOnlySpan<byte> name, ReadOnlySpan<byte> message)
    {
        ArgumentNullException.ThrowIfNull(fields);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(message.Length, MaxMessageLength, nameof(message));
        byte[] value = ArrayPool<byte>.Shared.Rent(Prefix.Length + Base64Url.GetEncodedLength(message.Length));
        Prefix.CopyTo(value);
        Base64Url.EncodeToUtf8(message, value.AsSpan(Prefix.Length), out _, out int written);
        fields.Add(name, value.AsSpan(0, Prefix.Length + written), neverIndexed: true);
        ArrayPool<byte>.Shared.Return(value, clearArray: true);
    }

    /// <summary>Finds the message in a head.</summary>
    /// <param name="fields">The head.</param>
    /// <param name="name">The field.</param>
    /// <param name="message">The message when the result is true.</param>
    /// <returns>False when the field is absent, comes twice, is of another scheme, too long, or not base64url.</returns>
    public static bool TryRead(FieldSection fields, ReadOnlySpan<byte> name, [NotNullWhen(true)] out byte[]? message)
    {
        ArgumentNullException.ThrowIfNull(fields);
        message = null;
        int index = fields.IndexOf(name, 0);
        if (index < 0 || fields.IndexOf(name, index + 1) >= 0) return false;
        ReadOnlySpan<byte> value = fields[index].Value;

        // RFC 9110 §11.1: the scheme's case does not matter.
        if (value.Length <= Prefix.Length || !System.Text.Ascii.EqualsIgnoreCase(value[..Prefix.Length], Prefix)) return false;
        value = value[Prefix.Length..];
        if (value.Length > Base64Url.GetEncodedLength(MaxMessageLength) || !IsBase64Url(value)) return false;
        byte[] decoded = new byte[Base64Url.GetMaxDecodedLength(value.Length)];
        if (Base64Url.DecodeFromUtf8(value, decoded, out int consumed, out int written) != OperationStatus.Done || consumed != value.Length) return false;
        message = decoded[..written];
        return true;
    }

    /// <summary>The decoder passes over blanks and takes padding; one message has one encoding here.</summary>
    private static bool IsBase64Url(ReadOnlySpan<byte> value)
    {
        foreach (byte octet in value)
            if (!char.IsAsciiLetterOrDigit((char)octet) && octet is not ((byte)'-' or (byte)'_')) return false;
        return true;
    }
}

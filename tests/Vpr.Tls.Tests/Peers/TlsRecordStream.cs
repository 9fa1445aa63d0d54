using System.Buffers.Binary;
using Vpr.Crypto;

namespace Vpr.Tls.Tests.Peers;

/// <summary>As much of the TLS 1.3 record layer as it takes to let a handshake made for QUIC speak to an ordinary TLS peer.</summary>
/// <remarks>RFC 8446 §5</remarks>
internal sealed class TlsRecordStream(TlsHandshake handshake, Stream stream) : IDisposable
{
    private const int MaxFragment = 16 * 1024;
    private const byte ChangeCipherSpec = 20;
    private const byte AlertType = 21;
    private const byte Handshake = 22;
    private const byte ApplicationData = 23;

    private readonly Dictionary<(EncryptionLevel, SecretDirection), Protection> _keys = [];

    /// <summary>Exchanges records until the handshake is complete.</summary>
    public void CompleteHandshake()
    {
        Flush();
        while (!handshake.IsComplete)
        {
            (byte type, byte[] content) = Read();
            Assert.True(type == Handshake, $"record type {type}: {Convert.ToHexString(content)}");
            Flush();
        }
    }

    /// <summary>Sends application data.</summary>
    public void Write(ReadOnlySpan<byte> text) => WriteRecord(EncryptionLevel.Application, ApplicationData, text);

    /// <summary>Reads application data; tickets in between go to the handshake.</summary>
    public byte[] ReadApplicationData()
    {
        while (true)
        {
            (byte type, byte[] content) = Read();
            if (type == ApplicationData) return content;
            Assert.True(type == Handshake, $"record type {type}: {Convert.ToHexString(content)}");
        }
    }

    public void Dispose()
    {
        foreach (Protection protection in _keys.Values) protection.Dispose();
    }

    private EncryptionLevel ReadLevel =>
        _keys.ContainsKey((EncryptionLevel.Application, SecretDirection.Read)) ? EncryptionLevel.Application
        : _keys.ContainsKey((EncryptionLevel.Handshake, SecretDirection.Read)) ? EncryptionLevel.Handshake
        : EncryptionLevel.Initial;

    private void Flush()
    {
        while (handshake.TryTakeSecret(out TrafficSecret? secret))
        {
            using (secret) _keys.Add((secret.Level, secret.Direction), new Protection(secret));
        }

        while (handshake.TryTakeOutput(out EncryptionLevel level, out ReadOnlySpan<byte> output))
        {
            for (; !output.IsEmpty; output = output[Math.Min(MaxFragment, output.Length)..])
                WriteRecord(level, Handshake, output[..Math.Min(MaxFragment, output.Length)]);
        }
    }

    private (byte Type, byte[] Content) Read()
    {
        while (true)
        {
            byte[] header = new byte[5];
            stream.ReadExactly(header);
            byte[] record = new byte[BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(3))];
            stream.ReadExactly(record);
            byte type = header[0];
            if (type == ChangeCipherSpec) continue;
            EncryptionLevel level = ReadLevel;
            if (type == ApplicationData)
            {
                record = _keys[(level, SecretDirection.Read)].Open(header, record);
                int end = Array.FindLastIndex(record, octet => octet != 0);
                type = record[end];
                record = record[..end];
            }

            if (type == Handshake) Assert.True(handshake.Receive(level, record), $"{handshake.Alert}, {handshake.CertificateFailure}");
            if (type == AlertType) Assert.Fail($"the peer's alert: {Convert.ToHexString(record)}");
            return (type, record);
        }
    }

    private void WriteRecord(EncryptionLevel level, byte type, ReadOnlySpan<byte> content)
    {
        if (level == EncryptionLevel.Initial)
        {
            stream.Write([type, 3, 3, .. ScriptedServer.UInt16(content.Length), .. content]);
            return;
        }

        byte[] header = [ApplicationData, 3, 3, .. ScriptedServer.UInt16(content.Length + 1 + Aead.TagLength)];
        stream.Write([.. header, .. _keys[(level, SecretDirection.Write)].Seal(header, [.. content, type])]);
    }

    /// <summary>The keys of one direction at one level, and the sequence number of the next record.</summary>
    private sealed class Protection : IDisposable
    {
        private readonly Aead _aead;
        private readonly byte[] _iv = new byte[Aead.NonceLength];
        private ulong _sequence;

        public Protection(TrafficSecret secret)
        {
            HkdfHash hash = secret.CipherSuite.Hash();
            byte[] key = new byte[secret.CipherSuite.Aead().KeyLength()];
            Hkdf.ExpandLabel(hash, secret.Secret, "key"u8, [], key);
            Hkdf.ExpandLabel(hash, secret.Secret, "iv"u8, [], _iv);
            _aead = Aead.Create(secret.CipherSuite.Aead(), key);
        }

        public byte[] Seal(byte[] header, byte[] text)
        {
            byte[] tag = new byte[Aead.TagLength];
            _aead.Seal(NextNonce(), header, text, tag);
            return [.. text, .. tag];
        }

        public byte[] Open(byte[] header, byte[] record)
        {
            byte[] text = record[..^Aead.TagLength];
            Assert.True(_aead.Open(NextNonce(), header, text, record.AsSpan(text.Length)), "the record does not open");
            return text;
        }

        public void Dispose() => _aead.Dispose();

        private byte[] NextNonce()
        {
            byte[] nonce = [.. _iv];
            Span<byte> low = nonce.AsSpan(4);
            BinaryPrimitives.WriteUInt64BigEndian(low, BinaryPrimitives.ReadUInt64BigEndian(low) ^ _sequence++);
            return nonce;
        }
    }
}

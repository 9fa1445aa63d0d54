using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Vpr.Crypto;
using Vpr.Tls.Tests.Vectors;
using Vpr.Wire;
using Vpr.Wire.Tls;

namespace Vpr.Tls.Tests;

public sealed class KeyScheduleTests
{
    [Fact]
    [Trait("rfc", "8448 §3")]
    public void Secrets_follow_one_from_the_other()
    {
        using var schedule = new KeySchedule(HkdfHash.Sha256);
        Assert.Equal(Rfc8448Section3.EarlySecret, schedule.Secret.ToArray());
        schedule.EnterHandshake(Rfc8448Section3.SharedSecret);
        Assert.Equal(Rfc8448Section3.HandshakeSecret, schedule.Secret.ToArray());
        schedule.EnterMaster();
        Assert.Equal(Rfc8448Section3.MasterSecret, schedule.Secret.ToArray());
    }

    [Fact]
    [Trait("rfc", "8448 §3")]
    public void Traffic_secrets_and_Finished_follow_from_the_messages()
    {
        using var keys = new HandshakeKeys(CipherSuite.Aes128GcmSha256);
        keys.Transcript.Append(Rfc8448Section3.ClientHello);
        keys.Transcript.Append(Rfc8448Section3.ServerHello);
        keys.EnterHandshake(Rfc8448Section3.SharedSecret);
        Assert.Equal(Rfc8448Section3.ClientHandshakeTraffic, keys.ClientHandshakeTraffic.ToArray());
        Assert.Equal(Rfc8448Section3.ServerHandshakeTraffic, keys.ServerHandshakeTraffic.ToArray());

        keys.Transcript.Append(Rfc8448Section3.EncryptedExtensions);
        keys.Transcript.Append(Rfc8448Section3.Certificate);
        keys.Transcript.Append(Rfc8448Section3.CertificateVerify);
        Assert.Equal(Rfc8448Section3.ServerFinished.AsSpan(4).ToArray(), Finished(keys, keys.ServerHandshakeTraffic));

        keys.Transcript.Append(Rfc8448Section3.ServerFinished);
        Assert.Equal(Rfc8448Section3.ClientFinished.AsSpan(4).ToArray(), Finished(keys, keys.ClientHandshakeTraffic));
        keys.EnterApplication();
        Assert.Equal(Rfc8448Section3.ClientApplicationTraffic, keys.ClientApplicationTraffic.ToArray());
        Assert.Equal(Rfc8448Section3.ServerApplicationTraffic, keys.ServerApplicationTraffic.ToArray());
        Assert.Equal(Rfc8448Section3.ExporterMaster, keys.ExporterMaster.ToArray());
    }

    [Fact]
    [Trait("rfc", "8448 §3")]
    public void CertificateVerify_of_the_trace_is_a_signature_of_its_certificate()
    {
        using var transcript = new TranscriptHash(HkdfHash.Sha256);
        foreach (byte[] message in new[] { Rfc8448Section3.ClientHello, Rfc8448Section3.ServerHello, Rfc8448Section3.EncryptedExtensions, Rfc8448Section3.Certificate })
            transcript.Append(message);
        Assert.True(Certificate.TryParse(Rfc8448Section3.Certificate, out Certificate chain, out _));
        Assert.True(CertificateVerify.TryParse(Rfc8448Section3.CertificateVerify, out CertificateVerify verify, out _));
        Assert.Equal(SignatureScheme.RsaPssRsaeSha256, verify.Algorithm);
        WireList<CertificateEntry>.Enumerator entries = chain.CertificateList.GetEnumerator();
        Assert.True(entries.MoveNext());
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(entries.Current.CertData);
        using RSA key = certificate.GetRSAPublicKey()!;

        byte[] buffer = new byte[CertificateVerifyInput.MaxLength];
        ReadOnlySpan<byte> input = CertificateVerifyInput.Server(transcript, buffer);
        Assert.True(key.VerifyData(input, verify.Signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pss));
        // 1024 bits verify, but are too few to be believed.
        Assert.False(CertificateKey.Verify(certificate, verify.Algorithm, input, verify.Signature));
    }

    [Fact]
    [Trait("rfc", "8448 §5")]
    public void A_retry_leads_to_the_secrets_of_the_trace()
    {
        using P256KeyAgreement client = P256KeyAgreement.Import(Rfc8448Section5.ClientPrivateKey);
        using P256KeyAgreement server = P256KeyAgreement.Import(Rfc8448Section5.ServerPrivateKey);
        byte[] shared = new byte[P256KeyAgreement.SecretLength];
        Assert.True(client.Agree(server.PublicKey, shared));
        Assert.Equal(Rfc8448Section5.SharedSecret, shared);

        using var keys = new HandshakeKeys(CipherSuite.Aes128GcmSha256);
        keys.Transcript.Append(Rfc8448Section5.FirstClientHello);
        KeySchedule.ReplaceWithMessageHash(keys.Transcript);
        keys.Transcript.Append(Rfc8448Section5.HelloRetryRequest);
        keys.Transcript.Append(Rfc8448Section5.SecondClientHello);
        keys.Transcript.Append(Rfc8448Section5.ServerHello);
        keys.EnterHandshake(shared);
        Assert.Equal(Rfc8448Section5.ClientHandshakeTraffic, keys.ClientHandshakeTraffic.ToArray());
        Assert.Equal(Rfc8448Section5.ServerHandshakeTraffic, keys.ServerHandshakeTraffic.ToArray());

        const int finished = 36;
        keys.Transcript.Append(Rfc8448Section5.ServerFlight.AsSpan()[..^finished]);
        Assert.Equal(Rfc8448Section5.ServerFlight[^32..], Finished(keys, keys.ServerHandshakeTraffic));
        keys.Transcript.Append(Rfc8448Section5.ServerFlight.AsSpan()[^finished..]);
        keys.EnterApplication();
        Assert.Equal(Rfc8448Section5.ClientApplicationTraffic, keys.ClientApplicationTraffic.ToArray());
        Assert.Equal(Rfc8448Section5.ServerApplicationTraffic, keys.ServerApplicationTraffic.ToArray());
        Assert.Equal(Rfc8448Section5.ExporterMaster, keys.ExporterMaster.ToArray());
    }

    [Fact]
    [Trait("rfc", "8448 §5")]
    public void The_retry_of_the_trace_reads_as_one()
    {
        Assert.True(ServerHello.TryParse(Rfc8448Section5.HelloRetryRequest, out ServerHello hello, out _));
        Assert.True(hello.IsHelloRetryRequest);
        Assert.Null(HelloRetryRequestExtensions.Read(hello.Extensions, out HelloRetryRequestExtensions extensions));
        Assert.Equal(ProtocolVersion.Tls13, extensions.SelectedVersion);
        Assert.Equal(NamedGroup.Secp256r1, extensions.SelectedGroup);
        Assert.Equal(114, extensions.Cookie.Length);
    }

    [Theory]
    [Trait("rfc", "8446 §7.5")]
    [InlineData(CipherSuite.Aes128GcmSha256)]
    [InlineData(CipherSuite.Aes256GcmSha384)]
    public void Exporter_is_two_labelled_expansions(CipherSuite suite)
    {
        HashAlgorithmName name = suite.Hash() == HkdfHash.Sha384 ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;
        byte[] master = Enumerable.Range(0, suite.Hash().Length()).Select(i => (byte)i).ToArray();
        byte[] output = new byte[80];
        KeySchedule.Export(suite.Hash(), master, "EXPORTER-label"u8, "context"u8, output);

        byte[] derived = Expand(name, master, "EXPORTER-label", CryptographicOperations.HashData(name, []), master.Length);
        Assert.Equal(Expand(name, derived, "exporter", CryptographicOperations.HashData(name, "context"u8.ToArray()), 80), output);
    }

    [Fact]
    [Trait("rfc", "8446 §4.4.1")]
    public void A_retry_puts_a_message_hash_in_the_place_of_the_first_hello()
    {
        byte[] first = "the first ClientHello"u8.ToArray();
        using var transcript = new TranscriptHash(HkdfHash.Sha384);
        transcript.Append(first);
        KeySchedule.ReplaceWithMessageHash(transcript);
        transcript.Append("HelloRetryRequest"u8);
        byte[] actual = new byte[48];
        transcript.Current(actual);
        Assert.Equal(SHA384.HashData([254, 0, 0, 48, .. SHA384.HashData(first), .. "HelloRetryRequest"u8]), actual);
    }

    private static byte[] Finished(HandshakeKeys keys, ReadOnlySpan<byte> traffic)
    {
        byte[] verifyData = new byte[keys.HashLength];
        keys.Finished(traffic, verifyData);
        return verifyData;
    }

    // HKDF-Expand-Label again, from the framework's HKDF alone.
    private static byte[] Expand(HashAlgorithmName hash, byte[] secret, string label, byte[] context, int length)
    {
        byte[] name = Encoding.ASCII.GetBytes("tls13 " + label);
        return HKDF.Expand(hash, secret, length, [(byte)(length >> 8), (byte)length, (byte)name.Length, .. name, (byte)context.Length, .. context]);
    }
}

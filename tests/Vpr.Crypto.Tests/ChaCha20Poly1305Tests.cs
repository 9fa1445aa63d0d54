namespace Vpr.Crypto.Tests;

public sealed class ChaCha20Poly1305Tests() : AeadContract(AeadAlgorithm.ChaCha20Poly1305)
{
    [Fact]
    [Trait("rfc", "8439 §2.8.2")]
    public void Published_vector() => Check(
        "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",
        "070000004041424344454647",
        "50515253c0c1c2c3c4c5c6c7",
        Convert.ToHexString("Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it."u8),
        "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b6116",
        "1ae10b594f09e26a7e902ecbd0600691");

    [Fact]
    [Trait("rfc", "9001 §A.5")]
    public void Packet_of_quic() => Check(
        "c6d98ff3441c3fe1b2182094f69caa2ed4b716b65488960a7a984979fb23e1c8",
        "e0459b3474bdd0e46d417eb0",
        "4200bff4",
        "01",
        "65",
        "5e5cd55c41f69080575d7999c25a5bfb");
}

namespace Vpr.Tls.Tests.Vectors;

/// <summary>RFC 8448 §3, "Simple 1-RTT Handshake": messages with their headers, and secrets.</summary>
internal static class Rfc8448Section3
{
    public static byte[] ClientHello { get; } = Convert.FromHexString(
        "010000c00303cb34ecb1e78163ba1c38c6dacb196a6dffa21a8d9912ec18a2ef6283024dece7000006130113031302010000910000000b0009000006" +
        "736572766572ff01000100000a00140012001d0017001800190100010101020103010400230000003300260024001d002099381de560e4bd43d23d8e" +
        "435a7dbafeb3c06e51c13cae4d5413691e529aaf2c002b0003020304000d0020001e0403050306030203080408050806040105010601020104020502" +
        "06020202002d00020101001c00024001");

    public static byte[] ServerHello { get; } = Convert.FromHexString(
        "020000560303a6af06a4121860dc5e6e60249cd34c95930c8ac5cb1434dac155772ed3e2692800130100002e00330024001d0020c9828876112095fe" +
        "66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f002b00020304");

    public static byte[] EncryptedExtensions { get; } = Convert.FromHexString(
        "080000240022000a00140012001d00170018001901000101010201030104001c0002400100000000");

    public static byte[] Certificate { get; } = Convert.FromHexString(
        "0b0001b9000001b50001b0308201ac30820115a003020102020102300d06092a864886f70d01010b0500300e310c300a06035504031303727361301e" +
        "170d3136303733303031323335395a170d3236303733303031323335395a300e310c300a0603550403130372736130819f300d06092a864886f70d01" +
        "0101050003818d0030818902818100b4bb498f8279303d980836399b36c6988c0c68de55e1bdb826d3901a2461eafd2de49a91d015abbc9a95137ace" +
        "6c1af19eaa6af98c7ced43120998e187a80ee0ccb0524b1b018c3e0b63264d449a6d38e22a5fda430846748030530ef0461c8ca9d9efbfae8ea6d1d0" +
        "3e2bd193eff0ab9a8002c47428a6d35a8d88d79f7f1e3f0203010001a31a301830090603551d1304023000300b0603551d0f0404030205a0300d0609" +
        "2a864886f70d01010b05000381810085aad2a0e5b9276b908c65f73a7267170618a54c5f8a7b337d2df7a594365417f2eae8f8a58c8f8172f9319cf3" +
        "6b7fd6c55b80f21a03015156726096fd335e5e67f2dbf102702e608ccae6bec1fc63a42a99be5c3eb7107c3c54e9b9eb2bd5203b1c3b84e0a8b2f759" +
        "409ba3eac9d91d402dcc0cc8f8961229ac9187b42b4de10000");

    public static byte[] CertificateVerify { get; } = Convert.FromHexString(
        "0f000084080400805a747c5d88fa9bd2e55ab085a61015b7211f824cd484145ab3ff52f1fda8477b0b7abc90db78e2d33a5c141a078653fa6bef780c" +
        "5ea248eeaaa785c4f394cab6d30bbe8d4859ee511f602957b15411ac027671459e46445c9ea58c181e818e95b8c3fb0bf3278409d3be152a3da5043e" +
        "063dda65cdf5aea20d53dfacd42f74f3");

    public static byte[] ServerFinished { get; } = Convert.FromHexString(
        "140000209b9b141d906337fbd2cbdce71df4deda4ab42c309572cb7fffee5454b78f0718");

    public static byte[] ClientFinished { get; } = Convert.FromHexString(
        "14000020a8ec436d677634ae525ac1fcebe11a039ec17694fac6e98527b642f2edd5ce61");

    public static byte[] NewSessionTicket { get; } = Convert.FromHexString(
        "040000c90000001efad6aac502000000b22c035d829359ee5ff7af4ec900000000262a6494dc486d2c8a34cb33fa90bf1b0070ad3c498883c9367c09" +
        "a2be785abc55cd226097a3a982117283f82a03a143efd3ff5dd36d64e861be7fd61d2827db279cce145077d454a3664d4e6da4d29ee03725a6a4dafc" +
        "d0fc67d2aea70529513e3da2677fa5906c5b3f7d8f92f228bda40dda721470f9fbf297b5aea617646fac5c03272e970727c621a79141ef5f7de6505e" +
        "5bfbc388e93343694093934ae4d3570008002a000400000400");

    public static byte[] SharedSecret { get; } = Convert.FromHexString(
        "8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d");

    public static byte[] EarlySecret { get; } = Convert.FromHexString(
        "33ad0a1c607ec03b09e6cd9893680ce210adf300aa1f2660e1b22e10f170f92a");

    public static byte[] HandshakeSecret { get; } = Convert.FromHexString(
        "1dc826e93606aa6fdc0aadc12f741b01046aa6b99f691ed221a9f0ca043fbeac");

    public static byte[] MasterSecret { get; } = Convert.FromHexString(
        "18df06843d13a08bf2a449844c5f8a478001bc4d4c627984d5a41da8d0402919");

    public static byte[] ClientHandshakeTraffic { get; } = Convert.FromHexString(
        "b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21");

    public static byte[] ServerHandshakeTraffic { get; } = Convert.FromHexString(
        "b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38");

    public static byte[] ClientApplicationTraffic { get; } = Convert.FromHexString(
        "9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5");

    public static byte[] ServerApplicationTraffic { get; } = Convert.FromHexString(
        "a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643");

    public static byte[] ExporterMaster { get; } = Convert.FromHexString(
        "fe22f881176eda18eb8f44529e6792c50c9a3f89452f68d8ae311b4309d3cf50");
}

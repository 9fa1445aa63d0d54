using System.Runtime.InteropServices;

namespace Vpr.Crypto.Tests;

public sealed class MlKem768Tests
{
    /// <summary>
    /// The stream SHAKE128("") gives, for each round, d and z, then m, then a random ciphertext; the encapsulation key, the ciphertext,
    /// the secret and the secret of the random ciphertext (an implicit rejection) go into a second SHAKE128. The hashes are those of
    /// Go's crypto/mlkem (TestAccumulated), which others reproduced with PQClean and kyber-py.
    /// </summary>
    [Theory]
    [Trait("fips", "203 §6")]
    [InlineData(100, "1114b1b6699ed191734fa339376afa7e285c9e6acf6ff0177d346696ce564415")]
    [InlineData(10_000, "8a518cc63da366322a8e7a818c7a0d63483cb3528d34a4cf42f35d5ad73f22fc")]
    public void Keys_secrets_and_rejections_hash_to_the_published_value(int rounds, string expected)
    {
        XofStream input = new(), output = new();
        byte[] seed = new byte[64], message = new byte[32], forged = new byte[1088];
        byte[] ciphertext = new byte[1088], secret = new byte[32], decapsulated = new byte[32];
        for (int round = 0; round < rounds; round++)
        {
            input.Read(seed);
            using MlKem768DecapsulationKey key = new(ManagedMlKemKey.FromSeed(seed));
            output.Write(key.EncapsulationKey);

            input.Read(message);
            Assert.True(MlKem768.EncapsulateCore(key.EncapsulationKey, message, ciphertext, secret));
            output.Write(ciphertext);
            output.Write(secret);
            Assert.True(key.Decapsulate(ciphertext, decapsulated));
            Assert.True(secret.AsSpan().SequenceEqual(decapsulated), $"round {round}");

            input.Read(forged);
            Assert.True(key.Decapsulate(forged, decapsulated));
            output.Write(decapsulated);
        }

        byte[] digest = new byte[32];
        output.Read(digest);
        Assert.Equal(expected, Hex.Text(digest));
    }

    [Fact]
    [Trait("fips", "203 §6.3")]
    public void A_changed_ciphertext_gives_the_secret_of_implicit_rejection()
    {
        SeededRandomSource random = new(31);
        byte[] seed = new byte[64], ciphertext = new byte[1088], secret = new byte[32], actual = new byte[32], rejected = new byte[32];
        random.FillSecret(seed);
        using MlKem768DecapsulationKey key = MlKem768DecapsulationKey.ImportSeed(seed);
        Assert.True(MlKem768.Encapsulate(key.EncapsulationKey, random, ciphertext, secret));
        for (int i = 0; i < ciphertext.Length; i++)
        {
            ciphertext[i] ^= 1;
            Assert.True(key.Decapsulate(ciphertext, actual));
            Sha3.Shake256(seed.AsSpan(32), ciphertext, rejected); // J(z ‖ c)
            Assert.True(actual.AsSpan().SequenceEqual(rejected), $"octet {i}");
            ciphertext[i] ^= 1;
        }

        Assert.True(key.Decapsulate(ciphertext, actual));
        Assert.Equal(secret, actual);
    }

    [Fact]
    [Trait("fips", "203 §7.2")]
    public void An_encapsulation_key_with_a_coefficient_of_q_or_more_is_refused()
    {
        SeededRandomSource random = new(32);
        byte[] ciphertext = new byte[1088], secret = new byte[32];
        using MlKem768DecapsulationKey key = MlKem768DecapsulationKey.Generate(random);
        for (int coefficient = 0; coefficient < 768; coefficient++)
        {
            foreach ((int value, bool valid) in new[] { (3328, true), (3329, false), (4095, false) })
            {
                byte[] changed = key.EncapsulationKey.ToArray();
                int at = coefficient / 2 * 3;
                if ((coefficient & 1) == 0)
                {
                    changed[at] = (byte)(value & 0xff);
                    changed[at + 1] = (byte)(changed[at + 1] & 0xf0 | value >> 8);
                }
                else
                {
                    changed[at + 1] = (byte)(changed[at + 1] & 0x0f | (value & 0x0f) << 4);
                    changed[at + 2] = (byte)(value >> 4);
                }

                Array.Fill(secret, (byte)1);
                if (!valid || coefficient % 64 == 0)
                {
                    Assert.True(MlKem768.Encapsulate(changed, random, ciphertext, secret) == valid, $"coefficient {coefficient} = {value}");
                    if (!valid) Assert.Equal(new byte[32], secret);
                }
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(32)]
    [InlineData(1087)]
    [InlineData(1089)]
    [InlineData(1184)]
    public void Another_length_from_a_peer_is_refused(int length)
    {
        SeededRandomSource random = new(33);
        byte[] secret = [.. Enumerable.Repeat((byte)7, 32)];
        using MlKem768DecapsulationKey key = MlKem768DecapsulationKey.Generate(random);
        Assert.False(key.Decapsulate(new byte[length], secret));
        Assert.Equal(new byte[32], secret);
        if (length != 1184) Assert.False(MlKem768.Encapsulate(new byte[length], random, new byte[1088], secret));
    }

    [Fact]
    [Trait("fips", "203 §7.3")]
    public void The_expanded_form_comes_back_and_is_checked()
    {
        SeededRandomSource random = new(34);
        byte[] expanded = new byte[2400], again = new byte[2400], ciphertext = new byte[1088], secret = new byte[32], actual = new byte[32];
        random.FillSecret(again.AsSpan(0, 64));
        using ManagedMlKemKey key = ManagedMlKemKey.FromSeed(again.AsSpan(0, 64));
        key.ExportExpanded(expanded);
        using (ManagedMlKemKey? imported = ManagedMlKemKey.FromExpanded(expanded))
        {
            Assert.NotNull(imported);
            imported.ExportExpanded(again);
            Assert.Equal(expanded, again);
            Assert.True(MlKem768.Encapsulate(key.EncapsulationKey, random, ciphertext, secret));
            imported.DecapsulateCore(ciphertext, actual);
            Assert.Equal(secret, actual);
        }

        expanded[2336] ^= 1; // the hash of the encapsulation key
        Assert.Null(ManagedMlKemKey.FromExpanded(expanded));
    }

    [PlatformMlKemFact]
    public void The_platform_gives_the_same_keys_and_secrets()
    {
        SeededRandomSource random = new(37);
        byte[] seed = new byte[64], ciphertext = new byte[1088], secret = new byte[32], expected = new byte[32], actual = new byte[32];
        for (int i = 0; i < 50; i++)
        {
            random.FillSecret(seed);
            using PlatformMlKemKey platform = new(seed);
            using ManagedMlKemKey managed = ManagedMlKemKey.FromSeed(seed);
            Assert.Equal(managed.EncapsulationKey, platform.EncapsulationKey);
            Assert.True(MlKem768.Encapsulate(managed.EncapsulationKey, random, ciphertext, secret));
            platform.DecapsulateCore(ciphertext, actual);
            Assert.Equal(secret, actual);

            ciphertext[i] ^= 1;
            managed.DecapsulateCore(ciphertext, expected);
            platform.DecapsulateCore(ciphertext, actual);
            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public void Lengths_and_disposal_are_checked()
    {
        Assert.Throws<ArgumentException>(() => MlKem768DecapsulationKey.ImportSeed(new byte[63]));
        MlKem768DecapsulationKey key = MlKem768DecapsulationKey.Generate(new SeededRandomSource(35));
        Assert.Throws<ArgumentException>(() => key.Decapsulate(new byte[1088], new byte[31]));
        Assert.Throws<ArgumentException>(() => MlKem768.Encapsulate(key.EncapsulationKey, new SeededRandomSource(36), new byte[1087], new byte[32]));
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => key.Decapsulate(new byte[1088], new byte[32]));
    }

    /// <summary>SHAKE128 fed and read in pieces of any size, which the product itself never needs.</summary>
    private sealed class XofStream
    {
        private readonly SingleLane[] _state = new SingleLane[Keccak.LaneCount];
        private int _at;
        private bool _reading;

        private Span<byte> State => MemoryMarshal.AsBytes(_state.AsSpan());

        internal void Write(ReadOnlySpan<byte> bytes)
        {
            Span<byte> state = State;
            foreach (byte octet in bytes)
            {
                state[_at++] ^= octet;
                if (_at < Sha3.Shake128Rate) continue;
                Keccak.Permute(_state.AsSpan());
                _at = 0;
            }
        }

        internal void Read(Span<byte> bytes)
        {
            if (!_reading)
            {
                State[_at] ^= Sha3.ShakeSuffix;
                State[Sha3.Shake128Rate - 1] ^= 0x80;
                _at = Sha3.Shake128Rate;
                _reading = true;
            }

            while (!bytes.IsEmpty)
            {
                if (_at == Sha3.Shake128Rate)
                {
                    Keccak.Permute(_state.AsSpan());
                    _at = 0;
                }

                int taken = Math.Min(bytes.Length, Sha3.Shake128Rate - _at);
                State.Slice(_at, taken).CopyTo(bytes);
                bytes = bytes[taken..];
                _at += taken;
            }
        }
    }
}

/// <summary>A test that needs the platform's ML-KEM, and says so where it is missing.</summary>
public sealed class PlatformMlKemFactAttribute : FactAttribute
{
    public PlatformMlKemFactAttribute()
    {
        if (!PlatformMlKemKey.IsSupported) Skip = "The platform has no ML-KEM (OpenSSL 3.5 or later is needed).";
    }
}

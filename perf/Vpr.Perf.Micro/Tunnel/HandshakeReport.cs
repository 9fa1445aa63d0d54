using System.Diagnostics;
using System.Security.Cryptography;
using Vpr.Crypto;
using Vpr.Io;

namespace Vpr.Perf.Micro.Tunnel;

/// <summary>What a full post-quantum handshake costs the server: <c>Vpr.Perf.Micro handshake</c>.</summary>
/// <remarks>
/// From a client's first Initial to an open tunnel: QUIC, TLS with X25519MLKEM768 and an ECDSA P-256 certificate, HTTP/3, CONNECT-IP and
/// Noise IKhfs. Both ends run on one thread; the time of the server's calls alone counts.
/// </remarks>
internal static class HandshakeReport
{
    private const double GoalPerSecond = 700;
    private const double DecapsulationGoal = 60;
    // Warm-up is long: the runtime compiles anew what is called often, and has none of it ready at the beginning.
    private const int Rounds = 300;
    private const int WarmUpRounds = 700;
    private const int PartRepetitions = 4_000;

    /// <summary>Measures and prints.</summary>
    /// <returns>0; 1 where there are fewer handshakes a second than the goal, or decapsulation takes longer than its own.</returns>
    public static int Run()
    {
        using EnginePair pair = new(seals: true);
        double[] times = new double[Rounds];
        long allocated = 0;
        for (int round = -WarmUpRounds; round < Rounds; round++)
        {
            if (round == 0) allocated = GC.GetAllocatedBytesForCurrentThread();
            TimeSpan before = pair.ServerTime;
            pair.Connect(static both => both.Client.IsOpen && both.Server.IsOpen);
            if (round >= 0) times[round] = (pair.ServerTime - before).TotalMicroseconds;
            pair.Disconnect();
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Array.Sort(times);
        double median = times[Rounds / 2];
        Console.WriteLine($"server's part of a handshake: median {median:F0} µs, quick tenth {times[Rounds / 10]:F0} µs: {1e6 / median:F0} a second and core");
        Console.WriteLine($"allocated by both ends: {allocated / Rounds / 1024} KB a handshake");
        double decapsulation = Parts();
        return 1e6 / median >= GoalPerSecond && decapsulation <= DecapsulationGoal ? 0 : 1;
    }

    private static double Parts()
    {
        IRandomSource random = new SystemRandom();
        using MlKem768DecapsulationKey key = MlKem768DecapsulationKey.Generate(random);
        byte[] encapsulation = key.EncapsulationKey.ToArray();
        byte[] ciphertext = new byte[MlKem768.CiphertextLength], secret = new byte[MlKem768.SharedSecretLength];
        MlKem768.Encapsulate(encapsulation, random, ciphertext, secret);
        using X25519PrivateKey own = X25519PrivateKey.Generate(random), other = X25519PrivateKey.Generate(random);
        using ECDsa signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] message = new byte[130];
        Console.WriteLine($"{"parts, µs",-44} {"median",7}");
        double decapsulation = Time("ML-KEM-768 decapsulation", () => key.Decapsulate(ciphertext, secret));
        Time("ML-KEM-768 encapsulation", () => MlKem768.Encapsulate(encapsulation, random, ciphertext, secret));
        Time("ML-KEM-768 key generation", () => MlKem768DecapsulationKey.Generate(random).Dispose());
        Time("X25519 key generation", () => X25519PrivateKey.Generate(random).Dispose());
        Time("X25519 agreement", () => own.Agree(other.PublicKey, secret));
        Time("ECDSA P-256 signature", () => signer.SignData(message, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        return decapsulation;
    }

    private static double Time(string name, Action act)
    {
        double[] times = new double[PartRepetitions];
        for (int i = -PartRepetitions; i < PartRepetitions; i++)
        {
            long start = Stopwatch.GetTimestamp();
            act();
            if (i >= 0) times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }

        Array.Sort(times);
        Console.WriteLine($"{name,-44} {times[PartRepetitions / 2],7:F1}");
        return times[PartRepetitions / 2];
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Vpr.Crypto;
using Vpr.Perf.Micro.Wire;

namespace Vpr.Perf.Micro.Crypto;

/// <summary>
/// Sealing, opening and masking beside the framework's AES-GCM, paired in one run, and beside <c>openssl speed</c> in between:
/// <c>Vpr.Perf.Micro aead</c>.
/// </summary>
/// <remarks>
/// All work in place on the same bytes. Opening consumes a ciphertext: what is timed is sealing and opening, and the time of sealing in the same
/// round is taken off.
/// </remarks>
internal static class AeadComparison
{
    private const int Rounds = 5;
    private const double AllowedOfOpenSsl = 0.4;
    private const double AllowedMask = 20;
    private const int MasksInBatch = 16;

    private static readonly byte[] Nonce = new byte[12];
    private static readonly byte[] Header = new byte[20];

    /// <summary>Compares all and prints a table of medians.</summary>
    /// <returns>0; 1 where a goal is missed or something is allocated.</returns>
    public static int Run()
    {
        Console.WriteLine($"AES on {Aead.AesProvider}; medians of {Rounds} rounds");
        Pair[] pairs =
        [
            new("seal 1300", Seal, 1300, 0.2, 200), new("open 1300", SealAndOpen, 1300, 0.2, 200),
            new("seal 64", Seal, 64, 0.08, 1000), new("open 64", SealAndOpen, 64, 0.08, 1000),
        ];
        PairedResult[][] results = [.. pairs.Select(static _ => new PairedResult[Rounds])];
        PairedResult[] masks = new PairedResult[Rounds];
        double[] openSsl = new double[Rounds];
        using HeaderProtection protection = HeaderProtection.Create(AeadAlgorithm.Aes128Gcm, new byte[16]);
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < pairs.Length; i++)
            {
                using Contest contest = new(pairs[i].Length);
                PairedResult result = PairedRun.Compare(pairs[i].Repetitions, pairs[i].Turn(contest, true), pairs[i].Turn(contest, false));
                if (pairs[i].Turn == SealAndOpen)
                {
                    PairedResult sealing = results[i - 1][round];
                    result = new PairedResult(result.Measured - sealing.Measured, result.Baseline - sealing.Baseline, result.Allocated);
                }

                results[i][round] = result;
            }

            masks[round] = Masks(protection);
            openSsl[round] = OpenSslNanoseconds(1300);
        }

        double openSslMedian = Median(openSsl);
        Console.WriteLine(openSslMedian > 0 ? $"openssl speed -evp aes-128-gcm -bytes 1300: {openSslMedian:F0} ns" : "openssl speed: not run, there is no openssl here");
        Console.WriteLine($"{"",-12} {"VPR",10} {"AesGcm",10} {"ratio",7} {"goal",6} {"of openssl",11} {"allocated",10}");
        bool isGood = true;
        for (int i = 0; i < pairs.Length; i++) isGood &= Row(pairs[i], results[i], pairs[i].Length == 1300 ? openSslMedian : 0);
        double mask = Median([.. masks.Select(static result => result.Measured)]), inBatch = Median([.. masks.Select(static result => result.Baseline)]);
        long allocated = masks.Sum(static result => result.Allocated);
        Console.WriteLine($"{"mask",-12} {mask,7:F1} ns {"",10} {"",7} {"20 ns",6} {"",11} {allocated,8} B");
        Console.WriteLine($"{"mask of 16",-12} {inBatch,7:F1} ns");
        isGood &= mask <= AllowedMask && allocated == 0;
        Console.WriteLine(isGood ? "all goals met" : "beyond a goal");
        return isGood ? 0 : 1;
    }

    private static bool Row(Pair pair, PairedResult[] results, double openSsl)
    {
        double own = Median([.. results.Select(static result => result.Measured)]), framework = Median([.. results.Select(static result => result.Baseline)]);
        double ratio = Median([.. results.Select(static result => result.Ratio)]);
        long allocated = results.Sum(static result => result.Allocated);
        string ofOpenSsl = openSsl > 0 ? (own / openSsl).ToString("F3", CultureInfo.InvariantCulture) : "";
        Console.WriteLine($"{pair.Name,-12} {own,7:F1} ns {framework,7:F1} ns {ratio,7:F3} {pair.Allowed,6:F2} {ofOpenSsl,11} {allocated,8} B");
        return ratio <= pair.Allowed && allocated == 0 && (openSsl == 0 || own / openSsl <= AllowedOfOpenSsl);
    }

    private static PairedRun.Turn Seal(Contest contest, bool isOwn) => isOwn
        ? repetitions =>
        {
            for (; repetitions > 0; repetitions--) contest.Own.Seal(Nonce, Header, contest.Text, contest.Tag);
            return 0;
        }
        : repetitions =>
        {
            for (; repetitions > 0; repetitions--) contest.Framework.Encrypt(Nonce, contest.Text, contest.Text, contest.Tag, Header);
            return 0;
        };

    private static PairedRun.Turn SealAndOpen(Contest contest, bool isOwn) => isOwn
        ? repetitions =>
        {
            for (; repetitions > 0; repetitions--)
            {
                contest.Own.Seal(Nonce, Header, contest.Text, contest.Tag);
                if (!contest.Own.Open(Nonce, Header, contest.Text, contest.Tag)) return -1;
            }

            return 0;
        }
        : repetitions =>
        {
            for (; repetitions > 0; repetitions--)
            {
                contest.Framework.Encrypt(Nonce, contest.Text, contest.Text, contest.Tag, Header);
                contest.Framework.Decrypt(Nonce, contest.Text, contest.Tag, contest.Text, Header);
            }

            return 0;
        };

    // One by one is what is measured, sixteen at once what it is held against.
    private static PairedResult Masks(HeaderProtection protection)
    {
        byte[] samples = new byte[MasksInBatch * HeaderProtection.SampleLength], mask = new byte[HeaderProtection.MaskLength];
        return PairedRun.Compare(
            1024 * MasksInBatch,
            repetitions =>
            {
                for (; repetitions > 0; repetitions--) protection.Mask(samples.AsSpan(0, HeaderProtection.SampleLength), mask);
                return 0;
            },
            repetitions =>
            {
                for (; repetitions > 0; repetitions -= MasksInBatch) protection.MaskBatch(samples);
                return 0;
            });
    }

    /// <summary>What the command line of OpenSSL measures for one text; 0 where there is none.</summary>
    private static double OpenSslNanoseconds(int length)
    {
        try
        {
            ProcessStartInfo start = new("openssl", ["speed", "-evp", "aes-128-gcm", "-bytes", $"{length}", "-seconds", "1"]) { RedirectStandardOutput = true, RedirectStandardError = true };
            using Process process = Process.Start(start)!;
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            string figure = process.StandardOutput.ReadToEnd().Trim().Split(' ')[^1].TrimEnd('k');
            process.WaitForExit();
            return length / double.Parse(figure, CultureInfo.InvariantCulture) * 1_000_000;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return 0;
        }
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }

    private sealed record Pair(string Name, Func<Contest, bool, PairedRun.Turn> Turn, int Length, double Allowed, int Repetitions);

    /// <summary>The same key, text and buffers for both.</summary>
    private sealed class Contest : IDisposable
    {
        internal Contest(int length)
        {
            byte[] key = new byte[16];
            Own = Aead.Create(AeadAlgorithm.Aes128Gcm, key);
            Framework = new AesGcm(key, Aead.TagLength);
            Text = new byte[length];
        }

        internal Aead Own { get; }

        internal AesGcm Framework { get; }

        internal byte[] Text { get; }

        internal byte[] Tag { get; } = new byte[Aead.TagLength];

        public void Dispose()
        {
            Own.Dispose();
            Framework.Dispose();
        }
    }
}

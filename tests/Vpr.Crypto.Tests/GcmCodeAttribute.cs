using System.Reflection;
using Xunit.Sdk;

namespace Vpr.Crypto.Tests;

/// <summary>Our own AES-GCMs for this kind of processor.</summary>
public enum GcmCode
{
    AesNi,
    Vaes,
}

/// <summary>A case for one of them and further arguments; skipped aloud where the processor lacks the instructions.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class GcmCodeAttribute(GcmCode code, params object[] arguments) : DataAttribute
{
    public override string? Skip => IsSupported ? null : $"this processor has no {code}";

    private bool IsSupported => code == GcmCode.AesNi ? AesNiGcm.IsSupported : VaesGcm.IsSupported;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[code, .. arguments]];
}

internal static class GcmCodes
{
    internal static AeadKey Create(this GcmCode code, byte[] key) => code == GcmCode.AesNi ? new AesNiGcm(key) : new VaesGcm(key);
}

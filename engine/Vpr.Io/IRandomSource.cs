namespace Vpr.Io;

/// <summary>The one source of randomness, given by the host or seeded by a test.</summary>
/// <remarks>Bytes an observer will see and bytes that must stay secret are asked for apart, so that one can never reveal the state behind the other.</remarks>
public interface IRandomSource
{
    /// <summary>Fills <paramref name="destination"/> with bytes that become keys or other secrets.</summary>
    void FillSecret(Span<byte> destination);

    /// <summary>Fills <paramref name="destination"/> with bytes that appear on the wire: connection IDs, nonces, GREASE, padding lengths.</summary>
    void FillPublic(Span<byte> destination);
}

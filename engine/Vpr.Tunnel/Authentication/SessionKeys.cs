using System.Buffers.Binary;
using Vpr.Noise;
using Vpr.Wire.Noise;

namespace Vpr.Tunnel;

/// <summary>What a completed handshake leaves: the agreed parameters and a cipher for each direction.</summary>
/// <remarks>Noise revision 34 §5.2. Owns the ciphers until a session takes them.</remarks>
public sealed class SessionKeys : IDisposable
{
    /// <summary>Bytes of the encoded parameters in either message.</summary>
    internal const int ParametersLength = 11;

    private EpochCipher? _cipher;

    private SessionKeys(SessionParameters parameters, EpochCipher cipher, UInt128 flowKey) => (Parameters, _cipher, FlowKey) = (parameters, cipher, flowKey);

    /// <summary>What the server granted.</summary>
    public SessionParameters Parameters { get; }

    /// <summary>A number that both ends know and nobody else: under it flows are hashed.</summary>
    /// <remarks>Noise revision 34 §11.2: the handshake hash is unique to the session; here it never leaves the encrypted connection.</remarks>
    internal UInt128 FlowKey { get; }

    /// <summary>Erases the keys, unless a session has taken them.</summary>
    public void Dispose() => _cipher?.Dispose();

    internal static SessionKeys Create(HandshakeState handshake, SessionParameters parameters)
    {
        (CipherState send, CipherState receive) = handshake.Split();
        UInt128 flowKey = BinaryPrimitives.ReadUInt128LittleEndian(handshake.HandshakeHash);
        return new SessionKeys(parameters, new EpochCipher(parameters.Epoch, send, receive), flowKey);
    }

    /// <summary>Hands the cipher over, once.</summary>
    internal EpochCipher TakeCipher()
    {
        EpochCipher cipher = _cipher ?? throw new InvalidOperationException("The keys were taken already.");
        _cipher = null;
        return cipher;
    }
}

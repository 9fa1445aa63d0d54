using Vpr.Wire.Tls;

namespace Vpr.Tls;

public abstract partial class TlsHandshake
{
    private readonly HandshakeMessageBuffer _incoming = new();

    /// <summary>The level that the peer's next message must come at.</summary>
    private protected EncryptionLevel ReadLevel { get; set; }

    /// <summary>Takes the next bytes of the peer's CRYPTO stream of one level, in order, however they are cut.</summary>
    /// <param name="level">The level of the packets that carried them.</param>
    /// <param name="cryptoData">The bytes; they are copied as far as they are kept.</param>
    /// <returns>False when the handshake has failed, now or before: see <see cref="Alert"/>.</returns>
    public bool Receive(EncryptionLevel level, ReadOnlySpan<byte> cryptoData)
    {
        if (Alert is null && !cryptoData.IsEmpty) Alert = ReceiveCore(level, cryptoData);
        return Alert is null;
    }

    /// <summary>The longest body that a message of <paramref name="type"/> may have now; -1 when it must not come now.</summary>
    private protected abstract int BodyLimit(HandshakeType type);

    /// <summary>Takes one whole message that <see cref="BodyLimit"/> let in.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="message">The message, header included; valid during the call.</param>
    /// <returns>Null, or the alert that ends the handshake.</returns>
    private protected abstract TlsAlert? Handle(HandshakeType type, ReadOnlySpan<byte> message);

    private TlsAlert? ReceiveCore(EncryptionLevel level, ReadOnlySpan<byte> cryptoData)
    {
        while (!cryptoData.IsEmpty)
        {
            // RFC 9001 §4.1.3: what comes at a level whose messages are over, or have not begun, is an error; and so is, by RFC 8446
            // §5.1, a message that goes on behind a change of keys, since the level changes as soon as the last one is whole.
            if (level != ReadLevel) return TlsAlert.UnexpectedMessage;
            _incoming.TakeHeader(ref cryptoData);
            if (!_incoming.HasHeader) return null;
            var type = (HandshakeType)_incoming.Type;
            int limit = BodyLimit(type);
            if (limit < 0) return TlsAlert.UnexpectedMessage;
            if (_incoming.BodyLength > limit) return TlsAlert.IllegalParameter;
            _incoming.TakeBody(ref cryptoData);
            if (!_incoming.IsComplete) return null;
            TlsAlert? alert = Handle(type, _incoming.Message);
            _incoming.Clear();
            if (alert is not null) return alert;
        }

        return null;
    }
}

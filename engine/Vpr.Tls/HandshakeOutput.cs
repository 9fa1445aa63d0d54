using System.Buffers;

namespace Vpr.Tls;

/// <summary>The handshake bytes that wait to be sent, by level.</summary>
internal sealed class HandshakeOutput
{
    private readonly Flight _initial = new();
    private readonly Flight _handshake = new();

    /// <summary>Adds one message of <paramref name="level"/>, Initial or Handshake.</summary>
    public void Append(EncryptionLevel level, ReadOnlySpan<byte> message) =>
        (level == EncryptionLevel.Initial ? _initial : _handshake).Append(message);

    /// <summary>Takes everything that waits at the lowest level at which something does; valid until the next <see cref="Append"/>.</summary>
    public bool TryTake(out EncryptionLevel level, out ReadOnlySpan<byte> bytes)
    {
        level = EncryptionLevel.Initial;
        if (_initial.TryTake(out bytes)) return true;
        level = EncryptionLevel.Handshake;
        return _handshake.TryTake(out bytes);
    }

    private sealed class Flight
    {
        private readonly ArrayBufferWriter<byte> _bytes = new();
        private bool _taken;

        public void Append(ReadOnlySpan<byte> message)
        {
            if (_taken) _bytes.ResetWrittenCount();
            _taken = false;
            _bytes.Write(message);
        }

        public bool TryTake(out ReadOnlySpan<byte> bytes)
        {
            bytes = _taken ? default : _bytes.WrittenSpan;
            _taken = true;
            return !bytes.IsEmpty;
        }
    }
}

namespace Vpr.Quic.Tests.Connection;

/// <summary>A stream's worth of bytes from one end to the other, checked as they arrive.</summary>
/// <param name="sender">Who sends.</param>
/// <param name="receiver">Who receives.</param>
/// <param name="stream">On which stream; both ends may use it.</param>
/// <param name="length">How many bytes.</param>
internal sealed class Transfer(QuicConnection sender, QuicConnection receiver, StreamId stream, int length)
{
    private readonly byte[] _buffer = new byte[8192];
    private int _written;
    private int _read;
    private bool _finWritten;

    /// <summary>Whether everything, the end included, was received.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Moves what can be moved now.</summary>
    /// <returns><see cref="IsDone"/>.</returns>
    public bool Step()
    {
        Send();
        if (!IsDone) Receive();
        return IsDone;
    }

    private void Send()
    {
        while (!_finWritten)
        {
            int count = Math.Min(_buffer.Length, length - _written);
            for (int i = 0; i < count; i++) _buffer[i] = At(_written + i);
            bool last = _written + count == length;
            int accepted = sender.Write(stream, _buffer.AsSpan(0, count), fin: last);
            _written += accepted;
            if (accepted < count) return;
            _finWritten = last;
        }
    }

    private void Receive()
    {
        while (true)
        {
            int count = receiver.Read(stream, _buffer, out bool fin);
            for (int i = 0; i < count; i++)
                if (_buffer[i] != At(_read + i)) Assert.Fail($"byte {_read + i} of stream {stream.Value} is wrong");
            _read += count;
            if (fin)
            {
                Assert.Equal(length, _read);
                IsDone = true;
                return;
            }

            if (count == 0) return;
        }
    }

    private byte At(int offset) => unchecked((byte)(offset * 31 + (offset >> 8) + (int)stream.Value));
}

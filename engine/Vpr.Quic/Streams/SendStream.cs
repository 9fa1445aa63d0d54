namespace Vpr.Quic.Streams;

/// <summary>The sending part of a stream.</summary>
/// <remarks>RFC 9000 §3.1</remarks>
/// <param name="pool">Where memory comes from.</param>
internal sealed class SendStream(ChunkPool pool)
{
    private SendCredit _credit;

    /// <summary>The data on its way.</summary>
    public SendBuffer Buffer { get; } = new(pool);

    /// <summary>Where the part stands.</summary>
    public SendStreamState State { get; private set; }

    /// <summary>The code of the RESET_STREAM sent.</summary>
    public ulong ResetCode { get; private set; }

    /// <summary>The final size that RESET_STREAM tells: what was sent (RFC 9000 §4.5).</summary>
    public ulong FinalSize { get; private set; }

    /// <summary>The peer's limit.</summary>
    public ulong Limit => _credit.Limit;

    /// <summary>Whether a write was cut short, so that the application waits to hear of room.</summary>
    public bool IsWriterWaiting { get; set; }

    /// <summary>Whether nothing more will happen.</summary>
    public bool IsTerminal => State is SendStreamState.DataReceived or SendStreamState.ResetReceived;

    /// <summary>Whether new data may go out as far as the stream's own limit is concerned.</summary>
    public bool HasCreditedWork => State == SendStreamState.Send && Buffer.HasNewData && Buffer.Sent < Limit;

    /// <summary>Whether something goes out without credit.</summary>
    public bool HasUncreditedWork => State is SendStreamState.Send or SendStreamState.DataSent && Buffer.HasUncreditedWork;

    /// <summary>Begins a stream that the peer limits to <paramref name="limit"/> bytes.</summary>
    public void Open(ulong limit)
    {
        State = SendStreamState.Send;
        ResetCode = FinalSize = 0;
        IsWriterWaiting = false;
        _credit = default;
        _credit.Raise(limit);
    }

    /// <summary>The peer raised its limit.</summary>
    /// <returns>Whether that allows anything new.</returns>
    public bool RaiseLimit(ulong limit) => _credit.Raise(limit);

    /// <summary>Whether STREAM_DATA_BLOCKED is due: data waits, the limit forbids it, and the peer was not told.</summary>
    public bool TellBlocked() => State == SendStreamState.Send && Buffer.HasNewData && _credit.TellBlocked();

    /// <summary>Takes the next range to send.</summary>
    /// <param name="room">The most bytes of data.</param>
    /// <param name="connectionCredit">What the connection's limit lets through of new data.</param>
    /// <param name="offset">Where the range begins.</param>
    /// <param name="length">Its length.</param>
    /// <param name="fin">Whether the stream ends with it.</param>
    /// <param name="newBytes">How much of it was never sent before.</param>
    public bool TryTake(int room, ulong connectionCredit, out ulong offset, out int length, out bool fin, out int newBytes)
    {
        ulong before = Buffer.Sent;
        ulong allowed = Math.Min(Limit, connectionCredit > ulong.MaxValue - before ? ulong.MaxValue : before + connectionCredit);
        bool taken = Buffer.TryTake(room, allowed, out offset, out length, out fin);
        newBytes = (int)(Buffer.Sent - before);
        _credit.Use(newBytes);
        if (State == SendStreamState.Send && Buffer.IsAllSent) State = SendStreamState.DataSent;
        return taken;
    }

    /// <summary>The peer has the range.</summary>
    public void OnAcknowledged(ulong offset, int length, bool fin)
    {
        if (State is not (SendStreamState.Send or SendStreamState.DataSent)) return;
        Buffer.OnAcknowledged(offset, length, fin);
        if (Buffer.IsAllAcknowledged) State = SendStreamState.DataReceived;
    }

    /// <summary>The range is to be sent again.</summary>
    public void OnLost(ulong offset, int length, bool fin)
    {
        if (State is SendStreamState.Send or SendStreamState.DataSent) Buffer.OnLost(offset, length, fin);
    }

    /// <summary>Abandons the stream.</summary>
    /// <returns>Whether a RESET_STREAM is to be sent: not when everything is acknowledged or the stream was reset before.</returns>
    public bool Reset(ulong code)
    {
        if (State is not (SendStreamState.Send or SendStreamState.DataSent)) return false;
        State = SendStreamState.ResetSent;
        ResetCode = code;
        FinalSize = Buffer.Sent;
        Buffer.Clear();
        return true;
    }

    /// <summary>RESET_STREAM is acknowledged.</summary>
    public void OnResetAcknowledged()
    {
        if (State == SendStreamState.ResetSent) State = SendStreamState.ResetReceived;
    }

    /// <summary>Gives the memory back.</summary>
    public void Close() => Buffer.Clear();
}

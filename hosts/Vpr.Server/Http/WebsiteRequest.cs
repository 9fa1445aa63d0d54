using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Vpr.Hosting.Loop;
using Vpr.Http3;

namespace Vpr.Server.Http;

/// <summary>The loop's side of one request for the website: moves bodies between the stream and the exchange's pipes, never waiting.</summary>
/// <remarks>Belongs to the loop thread. What the pipeline does on the thread pool arrives by the mailbox.</remarks>
internal sealed class WebsiteRequest
{
    private const int ReadBlock = 16 << 10;

    private readonly Http3Stream _stream;
    private readonly Mailbox _mailbox;
    private readonly Action<WebsiteRequest> _ended;
    private readonly Action _pumped;
    private readonly Http3Exchange _exchange;
    private int _wakePosted;
    private bool _bodyPaused;
    private bool _bodyEnded;
    private bool _headSent;
    private bool _responseEnded;

    /// <summary>Takes a request over.</summary>
    /// <param name="stream">The stream, its request received.</param>
    /// <param name="mailbox">The loop's mailbox.</param>
    /// <param name="local">Our address.</param>
    /// <param name="remote">The peer's address.</param>
    /// <param name="ended">Called when the response is complete and the stream's memory given back.</param>
    /// <param name="pumped">Called after the pipeline had bodies moved: reading a stream may have raised an event of HTTP/3.</param>
    public WebsiteRequest(
        Http3Stream stream, Mailbox mailbox, IPEndPoint local, IPEndPoint remote, Action<WebsiteRequest> ended, Action pumped)
    {
        _pumped = pumped;
        _ended = ended;
        _stream = stream;
        _mailbox = mailbox;
        var connection = new HttpConnectionFeature
        {
            ConnectionId = stream.Id.ToString(),
            LocalIpAddress = local.Address,
            LocalPort = local.Port,
            RemoteIpAddress = remote.Address,
            RemotePort = remote.Port,
        };
        _exchange = new Http3Exchange(RequestFeature.Create(stream.Request, stream.Fields), connection, Wake);
    }

    /// <summary>What the pipeline works on.</summary>
    public Http3Exchange Exchange => _exchange;

    /// <summary>Moves what can be moved in both directions.</summary>
    public void Pump()
    {
        PumpRequestBody();
        PumpResponse();
    }

    /// <summary>The peer or the connection ended the request.</summary>
    public void Abort()
    {
        if (!_responseEnded) _exchange.Abort();
        _responseEnded = _bodyEnded = true;
        _stream.Dispose();
    }

    private void PumpRequestBody()
    {
        while (!_bodyEnded && !_bodyPaused)
        {
            PipeWriter writer = _exchange.RequestBodyWriter;
            int read = _stream.Read(writer.GetSpan(ReadBlock), out bool fin);
            writer.Advance(read);
            if (fin)
            {
                _bodyEnded = true;
                writer.Complete();
                return;
            }

            if (read == 0) return;
            ValueTask<FlushResult> flush = writer.FlushAsync();
            if (flush.IsCompletedSuccessfully)
            {
                _bodyEnded = flush.Result.IsCompleted;
                continue;
            }

            // The pipeline is behind: the stream stays unread, and flow control holds the peer back.
            _bodyPaused = true;
            flush.AsTask().ContinueWith(_ => _mailbox.Post(ResumeRequestBody), TaskScheduler.Default);
        }
    }

    private void ResumeRequestBody()
    {
        _bodyPaused = false;
        Pump();
        _pumped();
    }

    private void PumpResponse()
    {
        if (_responseEnded || _exchange.Start is not { } start) return;
        if (!_headSent) SendHead(start);
        PipeReader reader = _exchange.ResponseBodyReader;
        while (!_responseEnded && TryReadBody(reader, out ReadResult result))
        {
            ReadOnlySequence<byte> body = result.Buffer;
            ReadOnlyMemory<byte> first = body.First;
            bool last = result.IsCompleted && first.Length == body.Length;
            int written = _stream.Write(first.Span, last);
            bool blocked = written < first.Length;
            SequencePosition consumed = body.GetPosition(written);
            reader.AdvanceTo(consumed, body.IsEmpty ? body.End : consumed);
            if (blocked)
            {
                // A stream whose sending side is over takes nothing and will never say that it does again.
                if (_stream.IsSendClosed) Abort();
                return;
            }

            if (last) End(reader);
            else if (body.IsEmpty) return;
        }
    }

    private bool TryReadBody(PipeReader reader, out ReadResult result)
    {
        try
        {
            return reader.TryRead(out result);
        }
        catch (IOException)
        {
            // The pipeline failed after the head was out: the peer must not take the part for the whole.
            result = default;
            _stream.Reset(Http3ErrorCode.InternalError);
            End(reader);
            return false;
        }
    }

    private void End(PipeReader reader)
    {
        _responseEnded = true;
        reader.Complete();
        // RFC 9114 §4.1: a complete response needs no more of the request.
        if (!_bodyEnded) _stream.StopReading(Http3ErrorCode.NoError);
        _bodyEnded = true;
        _stream.Dispose();
        _ended(this);
    }

    private void SendHead(ResponseStart start)
    {
        using var fields = new FieldSection();
        Span<byte> status = stackalloc byte[3];
        System.Buffers.Text.Utf8Formatter.TryFormat(start.Status, status, out _);
        fields.Add(":status"u8, status);
        foreach (KeyValuePair<string, string> field in start.Fields)
        {
            if (!IsConnectionSpecific(field.Key)) fields.Add(field.Key, field.Value);
        }

        _stream.SendResponse(fields, fin: false);
        _headSent = true;
    }

    // RFC 9114 §4.2: fields of one connection are meaningless here, and a peer treats them as malformed.
    private static bool IsConnectionSpecific(string name) =>
        name.Equals("Connection", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Keep-Alive", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Proxy-Connection", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Upgrade", StringComparison.OrdinalIgnoreCase);

    // One message at a time is enough: the pump takes all there is.
    private void Wake()
    {
        if (Interlocked.Exchange(ref _wakePosted, 1) == 0) _mailbox.Post(OnWake);
    }

    private void OnWake()
    {
        Volatile.Write(ref _wakePosted, 0);
        Pump();
        _pumped();
    }
}

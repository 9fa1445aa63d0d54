using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Vpr.Server.Http;

/// <summary>The body of a response as the pipeline writes it: the first flush decides the head, and a response that may have no body drops it.</summary>
internal sealed class Http3ResponseBody : PipeWriter, IHttpResponseBodyFeature
{
    private const int DroppedBlock = 4096;

    private readonly PipeWriter _inner;
    private readonly Func<Task> _start;
    private readonly Func<bool> _allowsBody;
    private readonly Action _wake;
    private readonly Stream _stream;

    /// <summary>A body over a pipe.</summary>
    /// <param name="inner">Where the loop reads.</param>
    /// <param name="start">Decides the head, if that has not happened.</param>
    /// <param name="allowsBody">Whether status and method permit content.</param>
    /// <param name="wake">Tells the loop of more body.</param>
    public Http3ResponseBody(PipeWriter inner, Func<Task> start, Func<bool> allowsBody, Action wake)
    {
        _inner = inner;
        _start = start;
        _allowsBody = allowsBody;
        _wake = wake;
        _stream = AsStream();
    }

    Stream IHttpResponseBodyFeature.Stream => _stream;

    PipeWriter IHttpResponseBodyFeature.Writer => this;

    /// <inheritdoc/>
    public override void Advance(int bytes)
    {
        if (_allowsBody()) _inner.Advance(bytes);
    }

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0) => _allowsBody() ? _inner.GetMemory(sizeHint) : new byte[Math.Max(sizeHint, DroppedBlock)];

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <inheritdoc/>
    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        await _start().ConfigureAwait(false);
        ValueTask<FlushResult> flush = _inner.FlushAsync(cancellationToken);
        _wake();
        return await flush.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override void CancelPendingFlush() => _inner.CancelPendingFlush();

    // The exchange completes the pipe when the whole pipeline is through: until then a middleware may still add to the body.
    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
    }

    void IHttpResponseBodyFeature.DisableBuffering()
    {
    }

    Task IHttpResponseBodyFeature.StartAsync(CancellationToken cancellationToken) => _start();

    async Task IHttpResponseBodyFeature.CompleteAsync() => await FlushAsync().ConfigureAwait(false);

    async Task IHttpResponseBodyFeature.SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken)
    {
        await using FileStream file = File.OpenRead(path);
        file.Seek(offset, SeekOrigin.Begin);
        long left = count ?? file.Length - offset;
        while (left > 0)
        {
            Memory<byte> memory = GetMemory();
            int read = await file.ReadAsync(memory[..(int)Math.Min(memory.Length, left)], cancellationToken).ConfigureAwait(false);
            if (read == 0) throw new IOException($"The file ended {left} bytes early.");
            Advance(read);
            left -= read;
            FlushResult flushed = await FlushAsync(cancellationToken).ConfigureAwait(false);
            if (flushed.IsCompleted) return;
        }
    }
}

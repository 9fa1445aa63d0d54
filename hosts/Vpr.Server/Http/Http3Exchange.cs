using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Vpr.Server.Http;

/// <summary>One HTTP/3 request between the loop and the ASP.NET Core pipeline: two pipes, the request's features, and the response's head.</summary>
/// <remarks>
/// The loop thread writes the request's body and reads the response's; the pipeline does the reverse on the thread pool. Neither waits for the
/// other: a pipe that is full or empty tells the loop by <paramref name="wake"/> when that changes.
/// </remarks>
/// <param name="request">The request, complete but for its body.</param>
/// <param name="connection">The addresses of both ends.</param>
/// <param name="wake">Called on any thread when the response has a head, more body, or its end, and when the request's body is wanted again.</param>
internal sealed class Http3Exchange(IHttpRequestFeature request, IHttpConnectionFeature connection, Action wake)
    : IHttpResponseFeature, IHttpRequestBodyDetectionFeature, IHttpRequestLifetimeFeature
{
    /// <summary>Bytes of a body that wait in each direction before the writing side pauses.</summary>
    public const int BodyBuffer = 256 << 10;

    private static readonly PipeOptions s_pipeOptions = new(
        pauseWriterThreshold: BodyBuffer, resumeWriterThreshold: BodyBuffer / 2, useSynchronizationContext: false);

    private readonly Pipe _requestBody = new(s_pipeOptions);
    private readonly Pipe _responseBody = new(s_pipeOptions);
    private readonly CancellationTokenSource _aborted = new();
    private readonly Stack<(Func<object, Task> Callback, object State)> _onStarting = new();
    private readonly Stack<(Func<object, Task> Callback, object State)> _onCompleted = new();
    private ResponseStart? _start;

    /// <summary>The features that the pipeline sees.</summary>
    public FeatureCollection Features { get; } = new();

    /// <summary>The response's head once it is decided; then it never changes.</summary>
    public ResponseStart? Start => Volatile.Read(ref _start);

    /// <summary>Where the loop puts the request's body.</summary>
    public PipeWriter RequestBodyWriter => _requestBody.Writer;

    /// <summary>Where the loop takes the response's body.</summary>
    public PipeReader ResponseBodyReader => _responseBody.Reader;

    int IHttpResponseFeature.StatusCode { get; set; } = StatusCodes.Status200OK;

    string? IHttpResponseFeature.ReasonPhrase { get; set; }

    IHeaderDictionary IHttpResponseFeature.Headers { get; set; } = new HeaderDictionary();

    [Obsolete("The framework's interface still has it; the body feature took its place.")]
    Stream IHttpResponseFeature.Body { get; set; } = Stream.Null;

    bool IHttpResponseFeature.HasStarted => Start is not null;

    bool IHttpRequestBodyDetectionFeature.CanHaveBody => true;

    CancellationToken IHttpRequestLifetimeFeature.RequestAborted { get; set; }

    /// <summary>Fills <see cref="Features"/>; once, before the pipeline runs.</summary>
    public void Prepare()
    {
        ((IHttpRequestLifetimeFeature)this).RequestAborted = _aborted.Token;
        request.Body = _requestBody.Reader.AsStream();
        Features.Set(request);
        Features.Set(connection);
        Features.Set<IHttpResponseFeature>(this);
        Features.Set<IHttpRequestBodyDetectionFeature>(this);
        Features.Set<IHttpRequestLifetimeFeature>(this);
        Features.Set<IHttpResponseBodyFeature>(new Http3ResponseBody(_responseBody.Writer, StartAsync, AllowsBody, wake));
    }

    /// <summary>The peer or the connection gave the request up; called by the loop.</summary>
    public void Abort()
    {
        _aborted.Cancel();
        _requestBody.Writer.Complete(new IOException("The request was cancelled."));
        _responseBody.Reader.Complete();
    }

    void IHttpRequestLifetimeFeature.Abort() => _aborted.Cancel();

    void IHttpResponseFeature.OnStarting(Func<object, Task> callback, object state) => _onStarting.Push((callback, state));

    void IHttpResponseFeature.OnCompleted(Func<object, Task> callback, object state) => _onCompleted.Push((callback, state));

    /// <summary>The pipeline is through: a response without a body gets its head now, and both pipes their end.</summary>
    /// <param name="failure">What the pipeline threw, or null.</param>
    public async Task CompleteAsync(Exception? failure)
    {
        IHttpResponseFeature response = this;
        if (Start is null)
        {
            if (failure is not null)
            {
                response.StatusCode = StatusCodes.Status500InternalServerError;
                response.Headers.Clear();
            }

            // As Kestrel does for its versions: an empty body has a length, where the status and method permit one.
            if (response.Headers.ContentLength is null && AllowsBody()) response.Headers.ContentLength = 0;
            await StartAsync().ConfigureAwait(false);
            failure = null;
        }

        await _responseBody.Writer.CompleteAsync(failure).ConfigureAwait(false);
        await _requestBody.Reader.CompleteAsync().ConfigureAwait(false);
        while (_onCompleted.TryPop(out (Func<object, Task> Callback, object State) completed))
            await completed.Callback(completed.State).ConfigureAwait(false);
        wake();
    }

    // RFC 9110 §6.4.1: responses to HEAD, and 1xx, 204 and 304, have no content.
    private bool AllowsBody() =>
        !HttpMethods.IsHead(request.Method)
        && ((IHttpResponseFeature)this).StatusCode is >= 200 and not StatusCodes.Status204NoContent and not StatusCodes.Status304NotModified;

    private async Task StartAsync()
    {
        if (Start is not null) return;
        while (_onStarting.TryPop(out (Func<object, Task> Callback, object State) starting))
            await starting.Callback(starting.State).ConfigureAwait(false);
        IHttpResponseFeature response = this;
        response.Headers.TryAdd("Date", DateTimeOffset.UtcNow.ToString("R"));
        var fields = new List<KeyValuePair<string, string>>(response.Headers.Count);
        foreach (KeyValuePair<string, StringValues> field in response.Headers)
        {
            foreach (string? value in field.Value) fields.Add(new(field.Key, value ?? ""));
        }

        Volatile.Write(ref _start, new ResponseStart(response.StatusCode, fields));
        wake();
    }
}

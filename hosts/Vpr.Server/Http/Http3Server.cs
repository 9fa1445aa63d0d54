using System.Collections.Concurrent;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Vpr.Server.Http;

/// <summary>The server that ASP.NET Core sees: Kestrel for HTTP/1.1 and HTTP/2 on TCP, and our own loop for HTTP/3, before one pipeline.</summary>
/// <remarks>Owns Kestrel. The loop hands requests in by <see cref="Accept"/> once <see cref="StartAsync{TContext}"/> has run.</remarks>
internal sealed partial class Http3Server(IServer kestrel, ILogger<Http3Server> logger) : IServer
{
    private readonly ConcurrentDictionary<Task, bool> _running = new();
    private Func<Http3Exchange, Task>? _process;

    /// <inheritdoc/>
    public IFeatureCollection Features => kestrel.Features;

    /// <inheritdoc/>
    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        _process = exchange => ProcessAsync(application, exchange);
        return kestrel.StartAsync(application, cancellationToken);
    }

    /// <summary>Runs the pipeline for a request on the thread pool.</summary>
    public void Accept(Http3Exchange exchange)
    {
        Func<Http3Exchange, Task> process = _process ?? throw new InvalidOperationException("The server has not started.");
        Task running = Task.Run(() => process(exchange));
        _running.TryAdd(running, true);
        running.ContinueWith(done => _running.TryRemove(done, out _), TaskScheduler.Default);
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await kestrel.StopAsync(cancellationToken).ConfigureAwait(false);
        await Task.WhenAll(_running.Keys).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => kestrel.Dispose();

    private async Task ProcessAsync<TContext>(IHttpApplication<TContext> application, Http3Exchange exchange)
        where TContext : notnull
    {
        exchange.Prepare();
        TContext context = application.CreateContext(exchange.Features);
        Exception? failure = null;
        try
        {
            await application.ProcessRequestAsync(context).ConfigureAwait(false);
        }
        catch (Exception thrown) when (thrown is not OutOfMemoryException)
        {
            failure = thrown;
            LogFailure(logger, thrown);
        }

        await exchange.CompleteAsync(failure).ConfigureAwait(false);
        application.DisposeContext(context, failure);
    }

    [LoggerMessage(LogLevel.Error, "A request ended in an exception.")]
    private static partial void LogFailure(ILogger logger, Exception failure);
}

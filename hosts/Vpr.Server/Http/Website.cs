using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;

namespace Vpr.Server.Http;

/// <summary>What everyone without a key sees: a directory of files, or the page that comes with the program, over all HTTP versions.</summary>
internal static class Website
{
    /// <summary>Builds the application; not started yet.</summary>
    /// <param name="listen">Where TCP is answered; its port is announced for HTTP/3 too.</param>
    /// <param name="directory">The files, or null for the page that comes with the program.</param>
    /// <param name="certificate">The certificate with its key; stays the caller's.</param>
    /// <param name="configureLogging">How the host logs.</param>
    public static WebApplication Create(IPEndPoint listen, string? directory, X509Certificate2 certificate, Action<ILoggingBuilder> configureLogging)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        configureLogging(builder.Logging);
        // Reads all of the system's authorities, for a tenth of a second: beside the rest of the start.
        Task<SslServerAuthenticationOptions> tls = Task.Run(() => new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true),
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
        });
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(listen, socket =>
            {
                socket.Protocols = HttpProtocols.Http1AndHttp2;
                socket.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = async _ => await tls.ConfigureAwait(false) });
            });
        });
        Decorate(builder.Services);
        WebApplication application = builder.Build();
        string alternative = $"h3=\":{listen.Port}\"; ma=86400";
        application.Use((context, next) =>
        {
            context.Response.Headers.AltSvc = alternative;
            return next(context);
        });
        UseFiles(application, directory);
        application.Run(NotFound);
        return application;
    }

    private static void UseFiles(WebApplication application, string? directory)
    {
        if (directory is null)
        {
            application.Use((context, next) => DefaultPage.Matches(context.Request) ? DefaultPage.Write(context.Response) : next(context));
            return;
        }

        var files = new PhysicalFileProvider(directory);
        application.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
        application.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = files,
            ServeUnknownFileTypes = true,
            DefaultContentType = "application/octet-stream",
        });
    }

    private static Task NotFound(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return DefaultPage.WriteNotFound(context.Response);
    }

    private static void Decorate(IServiceCollection services)
    {
        ServiceDescriptor kestrel = services.Last(service => service.ServiceType == typeof(IServer));
        services.Replace(ServiceDescriptor.Singleton<IServer>(provider => new Http3Server(
            (IServer)ActivatorUtilities.CreateInstance(provider, kestrel.ImplementationType!),
            provider.GetRequiredService<ILogger<Http3Server>>())));
    }
}

using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Vpr.Server.Http;

/// <summary>The page that is shown when no directory is configured, and the page of what is not there: as plain as a fresh web server's.</summary>
internal static class DefaultPage
{
    private static readonly byte[] s_index = Page("Welcome", "This site is being set up.");
    private static readonly byte[] s_notFound = Page("404 Not Found", "The page you asked for is not here.");

    // Files keep the time at which they were made; the page in the program keeps the program's start, to the second (RFC 9110 §8.8.2).
    private static readonly string s_lastModified = DateTimeOffset.UtcNow.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Whether a request asks for the page.</summary>
    public static bool Matches(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && request.Path.Value is "/" or "/index.html";

    /// <summary>Answers with the page.</summary>
    public static Task Write(HttpResponse response)
    {
        response.Headers.LastModified = s_lastModified;
        return Write(response, s_index);
    }

    /// <summary>Answers with the page of what is not there; the status is the caller's to set.</summary>
    public static Task WriteNotFound(HttpResponse response) => Write(response, s_notFound);

    private static Task Write(HttpResponse response, byte[] page)
    {
        response.ContentType = "text/html";
        response.ContentLength = page.Length;
        return HttpMethods.IsHead(response.HttpContext.Request.Method)
            ? Task.CompletedTask
            : response.Body.WriteAsync(page).AsTask();
    }

    private static byte[] Page(string title, string text) => Encoding.UTF8.GetBytes($"""
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="utf-8"><title>{title}</title></head>
        <body><h1>{title}</h1><p>{text}</p></body>
        </html>

        """);
}

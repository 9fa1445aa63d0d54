namespace Vpr.Http3.Tests;

/// <summary>A server application: answers every request with the same content and trailers, or with what the request brought.</summary>
internal sealed class Site
{
    private readonly byte[]? _content;

    public Site(Http3Host host, byte[]? content)
    {
        _content = content;
        host.Happened += OnEvent;
    }

    public int Requests { get; private set; }

    private void OnEvent(Http3Connection connection, Http3Event ev)
    {
        if (ev.Stream is not { } stream) return;
        if (ev.Kind == Http3EventKind.RequestReceived)
        {
            Requests++;
            stream.State = new Answer();
            using FieldSection head = Peer.Fields((":status", "200"), ("content-type", "application/octet-stream"));
            if (_content is not null) head.Add(FieldNames.ContentLength, _content.Length);
            stream.SendResponse(head, fin: false);
        }

        if (stream.IsClosed) return;
        Answer answer = (Answer)stream.State!;
        byte[] buffer = new byte[16 << 10];
        while (!stream.IsReadToEnd && stream.Read(buffer, out _) is > 0 and int read) answer.Body.Write(buffer, 0, read);
        if (!stream.IsReadToEnd) return;

        ReadOnlySpan<byte> content = _content ?? answer.Body.GetBuffer().AsSpan(0, (int)answer.Body.Length);
        while (answer.Sent < content.Length)
        {
            int taken = stream.Write(content[answer.Sent..], fin: false);
            if (taken == 0) return;
            answer.Sent += taken;
        }

        using FieldSection trailers = Peer.Fields(("x-sum", "1"));
        stream.SendTrailers(trailers);
    }

    private sealed class Answer
    {
        public MemoryStream Body { get; } = new();

        public int Sent { get; set; }
    }
}

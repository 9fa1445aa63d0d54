using System.Security.Cryptography;

namespace Vpr.Http3.Tests;

/// <summary>A client application: one request, sent when it can be, and its answer as length and hash.</summary>
internal sealed class Fetch
{
    private readonly Http3Connection _connection;
    private readonly FieldSection _head;
    private readonly byte[] _upload;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private int _sent;

    public Fetch(Http3Pair pair, Http3Connection connection, string path, byte[]? upload = null)
    {
        _connection = connection;
        _upload = upload ?? [];
        _head = Peer.Fields(Peer.Get(path, _upload.Length > 0 ? "POST" : "GET"));
        pair.Client.Happened += OnEvent;
        Start();
    }

    public Http3Stream? Stream { get; private set; }

    public long Received { get; private set; }

    public bool IsDone { get; private set; }

    public byte[] Hash => _hash.GetCurrentHash();

    private void OnEvent(Http3Connection connection, Http3Event ev)
    {
        if (connection != _connection) return;
        if (Stream is null) Start();
        else if (ev.Stream == Stream && ev.Kind == Http3EventKind.Writable) Upload();
        else if (ev.Stream == Stream && ev.Kind is Http3EventKind.ResponseReceived or Http3EventKind.DataReceived) Download();
    }

    private void Start()
    {
        if (_connection.OpenRequest(_head, fin: _upload.Length == 0, out Http3Stream? stream) != RequestStatus.Sent) return;
        Stream = stream;
        if (_upload.Length > 0) Upload();
    }

    private void Upload()
    {
        while (_sent < _upload.Length)
        {
            int taken = Stream!.Write(_upload.AsSpan(_sent), fin: true);
            if (taken == 0) return;
            _sent += taken;
        }
    }

    private void Download()
    {
        byte[] buffer = new byte[16 << 10];
        while (!IsDone)
        {
            int read = Stream!.Read(buffer, out bool fin);
            if (read == 0 && !fin) return;
            _hash.AppendData(buffer, 0, read);
            Received += read;
            IsDone = fin;
        }
    }
}

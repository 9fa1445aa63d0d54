using System.Text;
using Vpr.Quic;
using Vpr.Wire;

namespace Vpr.Http3.Tests;

/// <summary>One connection whose peer is played by the test: what it is sent, and what it says to that.</summary>
internal sealed class Peer
{
    public Peer(bool isServer, Http3Settings? settings = null)
    {
        Transport = new ScriptedTransport(isServer);
        Connection = new Http3Connection(
            Transport, isServer, settings ?? new Http3Settings { EnableConnectProtocol = true, H3Datagram = true }, new FixedRandom());
        Transport.Tell(new ConnectionEvent(ConnectionEventKind.HandshakeCompleted));
        Assert.Equal(Http3EventKind.Ready, Assert.Single(Events()).Kind);
    }

    public ScriptedTransport Transport { get; }

    public Http3Connection Connection { get; }

    /// <summary>The ID of the peer's one-way stream with the given ordinal.</summary>
    public ulong Uni(ulong ordinal) => StreamId.Create(ordinal, StreamDirection.Unidirectional, Connection.IsServer).Value;

    public List<Http3Event> Send(ulong stream, byte[] bytes, bool fin = false)
    {
        Transport.Arrive(stream, bytes, fin);
        return Events();
    }

    public List<Http3Event> Events()
    {
        Connection.Process();
        List<Http3Event> events = [];
        while (Connection.TryTakeEvent(out Http3Event ev)) events.Add(ev);
        return events;
    }

    public static byte[] Frame(ulong type, params ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[16 + payload.Length];
        int length = VarInt.Write(frame, type);
        length += VarInt.Write(frame.AsSpan(length), (ulong)payload.Length);
        payload.CopyTo(frame.AsSpan(length));
        return frame[..(length + payload.Length)];
    }

    public static byte[] Data(string text) => Frame(0, Encoding.ASCII.GetBytes(text));

    public static byte[] Headers(params (string Name, string Value)[] lines)
    {
        using FieldSection section = Fields(lines);
        byte[] encoded = new byte[QpackEncoder.MaxEncodedLength(section)];
        return Frame(1, encoded.AsSpan(0, QpackEncoder.Encode(section, encoded)));
    }

    public static FieldSection Fields(params (string Name, string Value)[] lines)
    {
        FieldSection section = new();
        foreach ((string name, string value) in lines) section.Add(name, value);
        return section;
    }

    public static (string, string)[] Get(string path = "/", string method = "GET") =>
        [(":method", method), (":scheme", "https"), (":authority", "a.example"), (":path", path)];

    /// <summary>A control stream that begins with the given settings.</summary>
    public static byte[] Control(params ulong[] settings)
    {
        byte[] body = new byte[settings.Length * 8];
        int length = 0;
        foreach (ulong value in settings) length += VarInt.Write(body.AsSpan(length), value);
        return [0, .. Frame(4, body.AsSpan(0, length))];
    }
}

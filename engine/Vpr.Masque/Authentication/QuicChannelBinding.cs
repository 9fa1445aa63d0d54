using Vpr.Quic;

namespace Vpr.Masque;

/// <summary>The TLS exporter of a QUIC connection.</summary>
internal sealed class QuicChannelBinding(QuicConnection connection) : IChannelBinding
{
    public void Export(ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, Span<byte> output) =>
        connection.ExportKeyingMaterial(label, context, output);
}

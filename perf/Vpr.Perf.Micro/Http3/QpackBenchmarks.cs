using BenchmarkDotNet.Attributes;
using Vpr.Http3;

namespace Vpr.Perf.Micro.Http3;

/// <summary>The head of a browser's request, decoded, judged and encoded.</summary>
[MemoryDiagnoser]
public class QpackBenchmarks
{
    private readonly FieldSection _section = new();
    private readonly FieldSection _decoded = new();
    private byte[] _encoded = [];
    private byte[] _destination = [];
    private byte[] _huffman = [];
    private readonly byte[] _text = new byte[256];

    [GlobalSetup]
    public void Setup()
    {
        _section.Add(":method", "GET");
        _section.Add(":scheme", "https");
        _section.Add(":authority", "www.example.org");
        _section.Add(":path", "/assets/site.css?v=42");
        _section.Add("user-agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36");
        _section.Add("accept", "text/css,*/*;q=0.1");
        _section.Add("accept-encoding", "gzip, deflate, br, zstd");
        _section.Add("accept-language", "en-GB,en;q=0.9");
        _section.Add("sec-fetch-site", "same-origin");
        _section.Add("referer", "https://www.example.org/");
        _destination = new byte[QpackEncoder.MaxEncodedLength(_section)];
        _encoded = _destination[..QpackEncoder.Encode(_section, _destination)];
        ReadOnlySpan<byte> text = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"u8;
        _huffman = new byte[HuffmanCode.EncodedLength(text)];
        HuffmanCode.Encode(text, _huffman);
    }

    [Benchmark]
    public bool DecodeRequest()
    {
        _decoded.Clear();
        return QpackDecoder.Decode(_encoded, Http3Settings.DefaultMaxFieldSectionSize, _decoded) == QpackStatus.Done;
    }

    /// <summary>Judging makes the strings that the application gets.</summary>
    [Benchmark]
    public bool ReadRequestHead() => RequestHead.TryRead(_section, extendedConnect: true, out _);

    [Benchmark]
    public int EncodeRequest() => QpackEncoder.Encode(_section, _destination);

    [Benchmark]
    public bool DecodeHuffman50() => HuffmanCode.TryDecode(_huffman, _text, out _);
}

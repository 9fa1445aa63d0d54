using FsCheck.Xunit;

namespace Vpr.Http3.Tests;

public sealed class MessageRulesTests
{
    private const string Get = ":method=GET|:scheme=https|:authority=a.example|:path=/";
    private const string ConnectIp = ":method=CONNECT|:protocol=connect-ip|:scheme=https|:authority=a.example|:path=/.well-known/masque/ip/*/*/";

    [Theory]
    [Trait("rfc", "9114 §4.3.1")]
    [InlineData(Get)]
    [InlineData(Get + "|user-agent=x|te=trailers|content-length=0")]
    [InlineData(":path=/a?b=c|:authority=[2001:db8::1]:443|:scheme=https|:method=POST")]
    [InlineData(":method=GET|:scheme=https|:path=/|host=a.example")]
    [InlineData(Get + "|host=a.example")]
    [InlineData(":method=OPTIONS|:scheme=https|:authority=a.example|:path=*")]
    [InlineData(":method=CONNECT|:authority=a.example:443")] // §4.4
    [InlineData(ConnectIp + "|capsule-protocol=?1")]
    [InlineData(Get + "|content-length=5|content-length=5")]
    [InlineData(Get + "|cookie=a=b|cookie=c=d")]
    [InlineData(":method=GET|:scheme=foo+bar|:path=anything")] // no http scheme: no authority needed
    public void WellFormedRequests(string fields) => Assert.True(TryReadRequest(fields, out _));

    [Theory]
    [Trait("rfc", "9114 §4.1.2, §4.2, §4.3")]
    [InlineData("")]
    [InlineData(":scheme=https|:authority=a.example|:path=/")] // no method
    [InlineData(":method=GET|:authority=a.example|:path=/")] // no scheme
    [InlineData(":method=GET|:scheme=https|:authority=a.example")] // no path
    [InlineData(":method=GET|:scheme=https|:path=/")] // neither :authority nor host
    [InlineData(":method=GET|:scheme=https|:authority=|:path=/")]
    [InlineData(":method=GET|:scheme=https|:authority=a.example|:path=")]
    [InlineData(":method=GET|:scheme=https|:authority=a.example|:path=x")]
    [InlineData(":method=GET|:scheme=https|:authority=a.example|:path=*")]
    [InlineData(":method=GET|:scheme=https|:authority=a.example|:path=/a b")]
    [InlineData(":method=GET|:scheme=https|:authority=user@a.example|:path=/")]
    [InlineData(":method=GET|:scheme=https|:authority=a.example/x|:path=/")]
    [InlineData(":method=|:scheme=https|:authority=a.example|:path=/")]
    [InlineData(":method=G T|:scheme=https|:authority=a.example|:path=/")]
    [InlineData(":method=GET|:scheme=1|:authority=a.example|:path=/")]
    [InlineData(Get + "|:method=GET")] // a pseudo-header field twice
    [InlineData(":method=GET|x=y|:scheme=https|:authority=a.example|:path=/")] // behind a regular field
    [InlineData(Get + "|:status=200")] // of a response
    [InlineData(":unknown=1|" + Get)]
    [InlineData(Get + "|host=b.example")] // host and :authority differ
    [InlineData(Get + "|host=a.example|host=a.example")]
    [InlineData(Get + "|User-Agent=x")] // uppercase
    [InlineData(Get + "|bad name=x")]
    [InlineData(Get + "|=x")]
    [InlineData(Get + "|x=a\nb")]
    [InlineData(Get + "|x=a\rb")]
    [InlineData(Get + "|x=a\0b")]
    [InlineData(Get + "|x= a")]
    [InlineData(Get + "|connection=close")]
    [InlineData(Get + "|keep-alive=1")]
    [InlineData(Get + "|proxy-connection=x")]
    [InlineData(Get + "|transfer-encoding=chunked")]
    [InlineData(Get + "|upgrade=h2c")]
    [InlineData(Get + "|te=gzip")]
    [InlineData(Get + "|content-length=5|content-length=6")]
    [InlineData(Get + "|content-length=-1")]
    [InlineData(Get + "|content-length=")]
    [InlineData(Get + "|content-length=9999999999999999999")]
    [InlineData(":method=CONNECT|:authority=a.example")] // no port
    [InlineData(":method=CONNECT|:authority=a.example:99999")]
    [InlineData(":method=CONNECT|:authority=a.example:443|:path=/")]
    [InlineData(":method=CONNECT|:authority=a.example:443|:scheme=https")]
    [InlineData(":method=CONNECT")]
    public void MalformedRequests(string fields) => Assert.False(TryReadRequest(fields, out _));

    [Theory]
    [Trait("rfc", "9220 §3, 8441 §4")]
    [InlineData(":method=CONNECT|:protocol=connect-ip|:scheme=https|:authority=a.example")] // no path
    [InlineData(":method=CONNECT|:protocol=connect-ip|:path=/|:authority=a.example")] // no scheme
    [InlineData(":method=CONNECT|:protocol=connect-ip|:scheme=https|:path=/")] // no authority
    [InlineData(":method=CONNECT|:protocol=connect-ip|:scheme=https|:path=/|host=a.example")]
    [InlineData(":method=CONNECT|:protocol=|:scheme=https|:authority=a.example|:path=/")]
    [InlineData(":method=GET|:protocol=connect-ip|:scheme=https|:authority=a.example|:path=/")]
    public void MalformedExtendedConnect(string fields) => Assert.False(TryReadRequest(fields, out _));

    [Fact]
    [Trait("rfc", "9220 §3")]
    public void ProtocolIsMalformedUnlessItWasOffered()
    {
        using FieldSection section = Section(ConnectIp);
        Assert.False(RequestHead.TryRead(section, extendedConnect: false, out _));
        Assert.True(RequestHead.TryRead(section, extendedConnect: true, out RequestHead head));
        Assert.Equal(new RequestHead("CONNECT", "https", "a.example", "/.well-known/masque/ip/*/*/", "connect-ip", null), head);
        Assert.True(head.IsConnect);
    }

    [Theory]
    [Trait("rfc", "9114 §4.3.2")]
    [InlineData(":status=200", 200, null)]
    [InlineData(":status=404|content-length=7|date=x", 404, 7L)]
    [InlineData(":status=103|link=x", 103, null)]
    public void WellFormedResponses(string fields, int status, long? length)
    {
        using FieldSection section = Section(fields);
        Assert.True(ResponseHead.TryRead(section, out ResponseHead head));
        Assert.Equal(new ResponseHead(status, length), head);
    }

    [Theory]
    [Trait("rfc", "9114 §4.3.2, §4.5")]
    [InlineData("")]
    [InlineData("date=x")]
    [InlineData(":status=")]
    [InlineData(":status=20")]
    [InlineData(":status=0200")]
    [InlineData(":status=099")]
    [InlineData(":status=2x0")]
    [InlineData(":status=101")]
    [InlineData("date=x|:status=200")]
    [InlineData(":status=200|:status=200")]
    [InlineData(":status=200|:path=/")]
    [InlineData(":status=200|Date=x")]
    [InlineData(":status=200|connection=close")]
    [InlineData(":status=200|content-length=x")]
    public void MalformedResponses(string fields)
    {
        using FieldSection section = Section(fields);
        Assert.False(ResponseHead.TryRead(section, out _));
    }

    [Fact]
    [Trait("rfc", "9114 §4.3")]
    public void TrailersHoldNoPseudoHeaderFields()
    {
        using FieldSection good = Section("x-checksum=1");
        using FieldSection bad = Section("x-checksum=1|:status=200");
        Assert.True(FieldRules.AreTrailers(good));
        Assert.False(FieldRules.AreTrailers(bad));
    }

    [Fact]
    [Trait("rfc", "9114 §4.2.1")]
    public void CookiesAreJoinedBySemicolonAndOthersByComma()
    {
        using FieldSection section = Section("cookie=a=b|accept=x|cookie=c=d|accept=y");
        Assert.True(section.TryJoin("cookie"u8, out string? cookies));
        Assert.Equal("a=b; c=d", cookies);
        Assert.True(section.TryJoin("accept"u8, out string? accept));
        Assert.Equal("x, y", accept);
        Assert.False(section.TryJoin("x"u8, out _));
    }

    [Property(MaxTest = 1000)]
    public bool AnyLinesAreJudgedWithoutAnException(byte[][] names, byte[] value)
    {
        using FieldSection section = Section(Get);
        foreach (byte[] name in names) section.Add(name ?? [], value ?? []);
        return RequestHead.TryRead(section, true, out RequestHead head) == (head.Method is not null);
    }

    private static bool TryReadRequest(string fields, out RequestHead head)
    {
        using FieldSection section = Section(fields);
        return RequestHead.TryRead(section, extendedConnect: true, out head);
    }

    private static FieldSection Section(string fields)
    {
        FieldSection section = new();
        foreach (string line in fields.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = line.IndexOf('=', 1 <= line.Length && line[0] == '=' ? 0 : 1);
            section.Add(
                System.Text.Encoding.Latin1.GetBytes(line[..equals]), System.Text.Encoding.Latin1.GetBytes(line[(equals + 1)..]));
        }

        return section;
    }
}

using System.Globalization;
using System.Xml.Linq;
using Vpr.Perf.Lab.Profile;

namespace Vpr.Perf.Lab.Tests;

public sealed class FlameGraphTests
{
    private const string Script = """
        vpr-server  42
        	ffffffff81000010 sock_sendmsg
        	          401000 Vpr_Quic_Vpr_Quic_Packets_PacketSealer__Seal
        	          400f00 main

        vpr-server  42
        	          401000 Vpr_Quic_Vpr_Quic_Packets_PacketSealer__Seal
        	          400f00 main

        a worker    7
        	          500000 [unknown]
        """;

    private static readonly StackTree s_tree = StackTree.Parse(Script.ReplaceLineEndings("\n"), pid => pid == 42 ? "server end" : null);

    [Fact]
    public void Samples_with_the_same_callers_are_one_frame()
    {
        Assert.Equal(3, s_tree.Samples);
        Assert.Equal(["a worker", "server end"], s_tree.Children.Select(child => child.Name));
        StackTree seal = s_tree.Children.Last().Children.Single().Children.Single();
        Assert.Equal(("Vpr_Quic_Vpr_Quic_Packets_PacketSealer__Seal", 2L, false), (seal.Name, seal.Samples, seal.IsKernel));
        StackTree send = seal.Children.Single();
        Assert.Equal(("sock_sendmsg", 1L, true), (send.Name, send.Samples, send.IsKernel));
        Assert.Equal(5, s_tree.Depth);
    }

    [Fact]
    public void A_box_is_as_wide_as_its_share_and_lies_within_its_callers()
    {
        XElement svg = XElement.Parse(FlameGraph.Draw(s_tree, "a <run>"));
        XNamespace space = svg.Name.Namespace;
        var boxes = svg.Elements(space + "g").ToDictionary(
            box => box.Element(space + "title")!.Value.Split(':')[0],
            box => (X: Number(box.Element(space + "rect")!, "x"), Width: Number(box.Element(space + "rect")!, "width")));
        Assert.Equal(boxes["all"].Width * 2 / 3, boxes["server end"].Width, 0);
        Assert.Equal(boxes["all"].Width / 3, boxes["sock_sendmsg"].Width, 0);
        Assert.True(boxes["sock_sendmsg"].X >= boxes["PacketSealer.Seal"].X);
        Assert.True(boxes["sock_sendmsg"].X + boxes["sock_sendmsg"].Width <= boxes["PacketSealer.Seal"].X + boxes["PacketSealer.Seal"].Width + 0.1);
        Assert.Contains("33.33 %", svg.Elements(space + "g").Select(box => box.Element(space + "title")!.Value).Single(title => title.StartsWith("sock_sendmsg", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void No_samples_make_an_empty_graph() =>
        Assert.Contains("0 samples", XElement.Parse(FlameGraph.Draw(StackTree.Parse("", _ => null), "nothing")).Value, StringComparison.Ordinal);

    [Theory]
    [InlineData("Vpr_Quic_Vpr_Quic_Packets_PacketSealer__Seal", "PacketSealer.Seal")]
    [InlineData("tcp_sendmsg", "tcp_sendmsg")]
    [InlineData("S_P_CoreLib_System_Buffer__Memmove", "S_P_CoreLib_System_Buffer__Memmove")]
    public void A_function_of_ours_is_named_by_type_and_method(string symbol, string expected) => Assert.Equal(expected, FlameGraph.Readable(symbol));

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);
}

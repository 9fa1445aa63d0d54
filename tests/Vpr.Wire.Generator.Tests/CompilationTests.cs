namespace Vpr.Wire.Generator.Tests;

/// <summary>Declarations in unusual places; what is emitted for them compiles without a warning.</summary>
public sealed class CompilationTests
{
    [Fact]
    public void In_the_global_namespace() =>
        Assert.Single(Compilations.Emit("[Vpr.Wire.WireFormat] public readonly partial record struct Bare(byte Value);"));

    [Fact]
    public void Types_of_other_namespaces_are_named_in_full()
    {
        IReadOnlyDictionary<string, string> emitted = Compilations.Emit("""
            using Vpr.Wire;
            namespace One
            {
                [WireFamily(TypeEncoding.UInt16, Length = Prefix.UInt8)] public static partial class Family;
                public enum Kind : byte { None }
                [WireFormat] public readonly partial record struct Inner(byte Value);
            }
            namespace Two
            {
                [WireFormat, MemberOf(typeof(One.Family), 7)] public readonly partial record struct Outer(One.Kind Kind, One.Inner Inner);
            }
            """);
        Assert.Contains("(global::One.Kind)kind", emitted["Two.Outer.g.cs"]);
        Assert.Contains("bool Visit(in global::Two.Outer member);", emitted["One.Family.g.cs"]);
    }

    [Fact]
    public void In_two_families_with_the_same_envelope()
    {
        IReadOnlyDictionary<string, string> emitted = Compilations.Emit("""
            using Vpr.Wire;
            namespace Declared;
            [WireFamily(TypeEncoding.UInt16, Length = Prefix.UInt16)] public static partial class Client;
            [WireFamily(TypeEncoding.UInt16, Length = Prefix.UInt16)] public static partial class Server;
            [WireFormat, MemberOf(typeof(Client), 7), MemberOf(typeof(Server), 7)] public readonly partial record struct Both(byte Value);
            """);
        Assert.Contains("case 0x07:", emitted["Declared.Client.g.cs"]);
        Assert.Contains("case 0x07:", emitted["Declared.Server.g.cs"]);
    }

    [Theory]
    [InlineData("TypeEncoding.VarInt", "Prefix.UInt8")]
    [InlineData("TypeEncoding.VarInt", "Prefix.UInt24")]
    [InlineData("TypeEncoding.UInt8", "Prefix.VarInt")]
    [InlineData("TypeEncoding.UInt16", "Prefix.UInt8")]
    [InlineData("TypeEncoding.UInt16", "Prefix.None")]
    [InlineData("TypeEncoding.UInt8", "Prefix.None")]
    [InlineData("TypeEncoding.VarInt", "Prefix.None")]
    [InlineData("TypeEncoding.VarInt", "Prefix.VarInt, ShortestType = true")]
    [InlineData("TypeEncoding.VarInt", "Prefix.None, ShortestType = true")]
    public void Every_envelope(string type, string length) => Assert.Equal(4, Compilations.Emit($$"""
        using System;
        using Vpr.Wire;
        namespace Declared;
        [WireFamily({{type}}, Length = {{length}})] public static partial class Family;
        [WireFormat, MemberOf(typeof(Family), 0x48, Flags = 0x05)]
        public readonly ref partial struct View
        {
            [TypeBit(1)] public bool One { get; init; }
            [TypeBit(4)] public bool Four { get; init; }
            [When(nameof(Four)), Rest] public ReadOnlySpan<byte> Value { get; init; }
        }
        [WireFormat, MemberOf(typeof(Family), 0x08)] public readonly partial record struct Value(byte Number);
        [WireFormat, MemberOf(typeof(Family), 0x09)] public readonly partial record struct Empty;
        """).Count);

    [Fact]
    public void Names_that_collide_with_a_parsers_own() => Assert.Single(Compilations.Emit("""
        using System;
        using Vpr.Wire;
        [WireFormat]
        public readonly ref partial struct Colliding
        {
            [VarInt] public ulong Source { get; init; }
            public byte Value { get; init; }
            public ushort Consumed { get; init; }
            [VarInt] public ulong Rest { get; init; }
            public byte Type { get; init; }
            public byte Class { get; init; }
            public byte Data2 { get; init; }
            public byte DataLength { get; init; }
            [LengthPrefix(Prefix.VarInt)] public ReadOnlySpan<byte> Data { get; init; }
            [LengthPrefix(Prefix.VarInt)] public ReadOnlySpan<byte> Destination { get; init; }
            public bool Octet { get; init; }
            [Bits(7)] public byte Octet2 { get; init; }
            public bool Length { get; init; }
            [Bits(7)] public byte Start { get; init; }
        }
        """));
}

namespace Vpr.Wire.Generator.Model;

/// <summary>A declared structure: all that its emitted part depends on, and nothing of the compilation.</summary>
/// <param name="IsRef">A <c>ref struct</c>; a record struct otherwise.</param>
/// <param name="UsesConstructor">Its parts are the primary constructor's parameters; otherwise properties with init accessors.</param>
/// <param name="Valid">The property that says whether the parts agree, if there is one.</param>
/// <param name="Membership">Its place in a family, if it has one.</param>
/// <param name="Families">The metadata names of all its families.</param>
internal sealed record StructModel(
    string Namespace, string Name, bool IsRecord, bool IsRef, bool UsesConstructor, bool LittleEndian, string? Valid,
    EquatableArray<Part> Parts, Membership? Membership, EquatableArray<string> Families)
{
    public string HintName => (Namespace.Length == 0 ? Name : Namespace + "." + Name) + ".g.cs";

    public Part Find(string name) => Parts.First(part => part.Name == name);
}

/// <summary>A structure's place in a family.</summary>
/// <param name="Family">The family's class as written in emitted code.</param>
/// <param name="Envelope">What stands in front of the body.</param>
/// <param name="Type">The type with all flags clear.</param>
/// <param name="Flags">The bits of the type that are flags.</param>
internal sealed record Membership(string Family, Envelope Envelope, ulong Type, ulong Flags)
{
    /// <summary>Whether nothing but one certain byte, flags aside, can be the type.</summary>
    public bool HasTypeOfOneByte => Envelope.Type == TypeEncoding.UInt8
        || Envelope is { Type: TypeEncoding.VarInt, ShortestType: true } && Envelope.TypeBytes(Type | Flags) == 1;
}

/// <summary>What stands in front of a member's body.</summary>
internal sealed record Envelope(TypeEncoding Type, Prefix Length, bool ShortestType)
{
    public bool HasLength => Length != Prefix.None;

    public bool IsExternal => Type == TypeEncoding.External;

    /// <summary>The bytes that a type takes.</summary>
    public int TypeBytes(ulong type) => Type switch
    {
        TypeEncoding.UInt8 => 1,
        TypeEncoding.UInt16 => 2,
        TypeEncoding.VarInt => type < 0x40 ? 1 : type < 0x4000 ? 2 : type < 0x4000_0000 ? 4 : 8,
        _ => 0,
    };
}

// The numbers of the attributes' enums: an attribute's argument arrives as its underlying integer.
internal enum Prefix { None, UInt8, UInt16, UInt24, VarInt }

internal enum TypeEncoding { VarInt, UInt8, UInt16, External }

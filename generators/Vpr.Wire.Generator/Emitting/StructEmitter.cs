using Vpr.Wire.Generator.Model;

namespace Vpr.Wire.Generator.Emitting;

/// <summary>Emits the part of a structure that parses, measures and writes it.</summary>
internal static class StructEmitter
{
    private const int MostUnitsToInline = 24;
    private const int MostVariableUnitsToInline = 3;

    public static string Emit(StructModel model)
    {
        var code = new CodeWriter();
        code.Line(model.IsRecord ? $"readonly partial record struct {model.Name} : IWireFormat<{model.Name}>" : $"readonly ref partial struct {model.Name} : IWireFormat<{model.Name}>");
        code.Open();
        LengthEmitter body = LengthEmitter.OfBody(model);
        LengthEmitter whole = Whole(model, body);
        EmitConstants(model, whole, code);
        EmitParse(model, code);
        EmitLengths(model, body, whole, code);
        code.Line("/// <inheritdoc/>");
        code.Line("public int Write(Span<byte> destination)");
        code.Open();
        new WriteEmitter(model, code, body, whole).Emit();
        code.Close();
        code.Close();
        return SourceFile.Of(model.Namespace, code);
    }

    private static LengthEmitter Whole(StructModel model, LengthEmitter body)
    {
        var whole = new LengthEmitter(model);
        if (model.Membership is not { Envelope: { IsExternal: false } envelope } membership)
            return body;
        whole.Add(envelope.TypeBytes(membership.Type));
        if (envelope.Length == Prefix.VarInt && body.Constant is null)
            whole.Add("VarInt.Length((ulong)BodyLength)");
        else
            whole.Add(envelope.Length switch { Prefix.None => 0, Prefix.UInt8 => 1, Prefix.UInt16 => 2, Prefix.UInt24 => 3, _ => VarIntBytes(body.Constant!.Value) });
        if (body.Constant is null && envelope.HasLength)
            whole.Add("BodyLength");
        else
            whole.Add(body);
        return whole;
    }

    private static int VarIntBytes(int value) => value < 0x40 ? 1 : value < 0x4000 ? 2 : 4;

    private static void EmitConstants(StructModel model, LengthEmitter whole, CodeWriter code)
    {
        if (model.Membership is { } membership)
        {
            code.Line($"/// <summary>The type in <see cref=\"{membership.Family}\"/>{(membership.Flags == 0 ? "" : ", all flags clear")}.</summary>");
            code.Line($"public const ulong WireType = {Expressions.Hex(membership.Type)};");
            code.Line();
        }
        if (whole.Constant is { } bytes)
        {
            code.Line("/// <summary>The encoded length in bytes, the same for every value.</summary>");
            code.Line($"public const int FixedLength = {bytes};");
            code.Line();
        }
    }

    private static void EmitParse(StructModel model, CodeWriter code)
    {
        Membership? membership = model.Membership is { Envelope.IsExternal: false } member ? member : null;
        code.Line("/// <inheritdoc/>");
        if (membership is null)
            EmitPartParser(model, code, $"public static bool TryParse(ReadOnlySpan<byte> source, out {model.Name} value, out int consumed)", "source");
        else
        {
            code.Line($"public static bool TryParse(ReadOnlySpan<byte> source, out {model.Name} value, out int consumed)");
            code.Open();
            EmitEnvelopeParser(model, membership, code);
            code.Close();
            code.Line();
            code.Line("/// <summary>Parses the body, behind the envelope.</summary>");
            string type = membership.Flags == 0 ? "" : "ulong type, ";
            EmitPartParser(model, code, $"internal static bool TryParseBody(ReadOnlySpan<byte> body, {type}out {model.Name} value, out int consumed)", "body");
        }
        code.Line();
    }

    private static void EmitPartParser(StructModel model, CodeWriter code, string signature, string source)
    {
        List<Unit> units = Unit.Of(model.Parts);
        if (units.Count <= MostUnitsToInline && units.Count(unit => !unit.IsFixed) <= MostVariableUnitsToInline)
            code.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        code.Line(signature);
        code.Open();
        new ParseEmitter(new ParseContext(model, code, source)).Emit();
        code.Close();
    }

    private static void EmitEnvelopeParser(StructModel model, Membership membership, CodeWriter code)
    {
        string isOther = membership.Flags == 0 ? "type != WireType" : $"(type & ~{Expressions.Hex(membership.Flags)}UL) != WireType";
        string arguments = membership.Flags == 0 ? "" : "type, ";
        if (membership.Envelope.HasLength)
        {
            code.Line($"if (!{membership.Family}.TryParseEnvelope(source, out ulong type, out ReadOnlySpan<byte> body, out consumed)");
            code.Indented($"|| {isOther}");
            code.Indented($"|| !TryParseBody(body, {arguments}out value, out int length)");
            code.Indented("|| length != body.Length)");
        }
        else if (membership.HasTypeOfOneByte)
        {
            string octet = membership.Flags == 0 ? "source[0] != WireType" : $"(source[0] & ~{Expressions.Hex(membership.Flags)}UL) != WireType";
            string flags = membership.Flags == 0 ? "" : "source[0], ";
            code.Line($"if (source.IsEmpty || {octet} || !TryParseBody(source[1..], {flags}out value, out consumed))");
            code.Indented("return WireReader.Malformed(out value, out consumed);");
            code.Line("consumed++;");
            code.Line("return true;");
            return;
        }
        else
        {
            code.Line($"if (!{membership.Family}.TryParseType(source, out ulong type, out int start)");
            code.Indented($"|| {isOther}");
            code.Indented($"|| !TryParseBody(source[start..], {arguments}out value, out consumed))");
        }
        code.Open();
        code.Line("return WireReader.Malformed(out value, out consumed);");
        code.Close();
        if (!membership.Envelope.HasLength)
            code.Line("consumed += start;");
        code.Line("return true;");
    }

    private static void EmitLengths(StructModel model, LengthEmitter body, LengthEmitter whole, CodeWriter code)
    {
        code.Line("/// <inheritdoc/>");
        if (whole.Constant is null)
            code.Lines(whole.Lines("public int EncodedLength =>"));
        else
            code.Line("public int EncodedLength => FixedLength;");
        code.Line();
        if (model.Membership is { Envelope: { IsExternal: false, HasLength: true } } && body.Constant is null)
        {
            code.Lines(body.Lines("private int BodyLength =>"));
            code.Line();
        }
    }
}

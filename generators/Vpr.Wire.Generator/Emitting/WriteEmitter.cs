using Vpr.Wire.Generator.Model;

namespace Vpr.Wire.Generator.Emitting;

/// <summary>Emits the statements that check a structure's values and write its envelope and parts.</summary>
internal sealed class WriteEmitter(StructModel model, CodeWriter code, LengthEmitter body, LengthEmitter whole)
{
    private readonly Cursor _cursor = new(code, "destination", "Span<byte>");

    public void Emit()
    {
        foreach (Part part in model.Parts)
            EmitChecks(part);
        if (model.Valid is { } rule)
            Check($"!{rule}", "Inconsistent", rule);
        Envelope? envelope = model.Membership?.Envelope;
        if (envelope is { HasLength: true } && body.Constant is null)
        {
            code.Line("int bodyLength = BodyLength;");
            if (envelope.Length != Prefix.VarInt)
                Check($"bodyLength > {Expressions.Bound(Most(envelope.Length))}", "WrongLength", "BodyLength");
        }
        string length = whole.Constant is not null ? "FixedLength" : "length";
        if (whole.Constant is null)
            code.Line("int length = EncodedLength;");
        code.Line($"if (destination.Length < {length})");
        code.Indented("Throw.DestinationTooSmall();");
        EmitEnvelope();
        List<Unit> units = Unit.Of(model.Parts);
        int done = 0;
        foreach (List<Unit> block in Unit.Blocks(units))
        {
            done += block.Count;
            EmitBlock(block, hasMore: done < units.Count);
        }
        code.Line($"return {length};");
    }

    private static ulong Most(Prefix prefix) => prefix switch { Prefix.UInt8 => 0xFFu, Prefix.UInt16 => 0xFFFF, _ => 0xFF_FFFF };

    private void EmitChecks(Part part)
    {
        string present = part.When is { } when ? Expressions.IsPresent(model, when, inParser: false) + " && " : "";
        switch (part)
        {
            case ScalarPart { Constant: null } scalar when scalar.Scalar.Shape != ScalarShape.Bool && scalar.Encoding != ScalarEncoding.VarInt:
                ulong most = scalar.Bits >= 64 ? ulong.MaxValue : Expressions.Greatest(scalar.Bits);
                Bounds bounds = scalar.Between ?? new Bounds(0, most);
                if (scalar.Scalar.Width > 64 && scalar.Bits <= 64)
                    Check($"{present}{part.Name} > {Expressions.Bound(most)}", "OutOfRange", part.Name);
                else if (Expressions.IsOutside(Expressions.ToRaw(scalar), bounds.Minimum, bounds.Maximum, Expressions.Greatest(scalar.Scalar.Width)) is { } outside)
                    Check(present + outside, "OutOfRange", part.Name);
                break;
            case ScalarPart { Constant: null, Between: { } allowed } scalar
                when Expressions.IsOutside(Expressions.ToRaw(scalar), allowed.Minimum, allowed.Maximum, ulong.MaxValue) is { } forbidden:
                Check(present + forbidden, "OutOfRange", part.Name);
                break;
            case BytesPart bytes:
                if (WrongLength(bytes) is { } wrong)
                    Check(present.Length > 0 && wrong.Contains("||") ? $"{present}({wrong})" : present + wrong, "WrongLength", part.Name);
                break;
        }
    }

    private string? WrongLength(BytesPart part)
    {
        string length = LengthEmitter.ContentLength(part);
        switch (part.Extent)
        {
            case FixedExtent { Bytes: var bytes }:
                return $"{length} != {bytes}";
            case PrefixExtent prefix:
                return Expressions.IsOutside(length, (ulong)prefix.Minimum, (ulong)prefix.Most, int.MaxValue);
            case CountExtent count:
                return $"(ulong){part.Name}.Count != {Expressions.ToRaw((ScalarPart)model.Find(count.Part))}";
            case FromExtent { Map: { } map } from:
                return $"{length} != {map}({from.Part})";
            case FromExtent from:
                var counter = (ScalarPart)model.Find(from.Part);
                string raw = Expressions.ToRaw(counter);
                bool isWide = counter.Scalar.Raw is "uint" or "ulong";
                if (isWide && from is not { Unit: 1, Bias: 0 })
                    return $"{raw} > int.MaxValue || {length} != {Expressions.Biased($"(long){raw}", from)}";
                return isWide ? $"(ulong){length} != {raw}" : $"{length} != {Expressions.Biased(raw, from)}";
            default:
                return null;
        }
    }

    private void EmitEnvelope()
    {
        if (model.Membership is not { Envelope: { IsExternal: false } envelope } membership)
            return;
        int bytes = envelope.TypeBytes(membership.Type);
        string[] flags = [.. model.Parts.OfType<ScalarPart>()
            .Where(part => part.Encoding == ScalarEncoding.TypeBit)
            .Select(part => $"({part.Name} ? {Expressions.Hex(part.Mask)}{(bytes > 2 ? "UL" : "u")} : 0)")];
        string type = flags.Length == 0 ? "WireType" : "WireType | " + string.Join(" | ", flags);
        if (bytes == 1)
            code.Line($"destination[0] = {(flags.Length == 0 ? "(byte)WireType" : $"(byte)({type})")};");
        else if (envelope.Type == TypeEncoding.UInt16)
            code.Line($"BinaryPrimitives.WriteUInt16BigEndian(destination, {(flags.Length == 0 ? "(ushort)WireType" : $"(ushort)({type})")});");
        else
            code.Line($"VarInt.Write(destination, {type}, {bytes});");
        _cursor.Advance(bytes);
        if (envelope.Length == Prefix.VarInt)
            WriteVarInt(body.Constant is { } known ? known.ToString() : "(ulong)bodyLength", body.Constant is { } bodyBytes ? envelope.TypeBytes((ulong)bodyBytes) : 0);
        else if (envelope.HasLength)
            WriteLength(envelope.Length, body.Constant is { } fixedBytes ? fixedBytes.ToString() : "bodyLength", body.Constant is not null);
    }

    private void EmitBlock(List<Unit> block, bool hasMore)
    {
        Condition? when = block[0].When;
        if (when is not null)
        {
            if (!_cursor.IsAtStart || hasMore)
                _cursor.MoveToRest();
            code.Line($"if ({Expressions.IsPresent(model, when, inParser: false)})");
            if (block.Count == 1 && block[0] is VarIntUnit { Part: { Constant: null } only })
            {
                string write = $"VarInt.Write({_cursor.Here}, {Expressions.ToRaw(only)})";
                code.Indented(hasMore ? $"rest = rest[{write}..];" : write + ";");
                return;
            }
            code.Open();
        }
        for (int i = 0; i < block.Count; i++)
            EmitUnit(block[i], isLast: !hasMore && i == block.Count - 1);
        if (when is not null)
        {
            if (hasMore)
                _cursor.MoveToRest();
            code.Close();
        }
    }

    private void EmitUnit(Unit unit, bool isLast)
    {
        if (unit.LeadingBytes > 0)
            _cursor.Settle();
        switch (unit)
        {
            case IntegerUnit integer:
                WriteInteger(integer);
                break;
            case BitsUnit bits:
                code.Line(Expressions.Write(bits.Bytes, littleEndian: false, _cursor.Span, _cursor.Offset, Pack(bits)));
                _cursor.Advance(bits.Bytes);
                break;
            case VarIntUnit { Part: var part }:
                string value = part.Constant is { } constant ? Expressions.Literal(constant) : Expressions.ToRaw(part);
                if (isLast)
                    code.Line($"VarInt.Write({_cursor.Here}, {value});");
                else
                    WriteVarInt(value, 0);
                break;
            case BytesUnit { Part: var part }:
                WriteBytes(part, isLast);
                break;
        }
    }

    private void WriteInteger(IntegerUnit unit)
    {
        ScalarPart part = unit.Part;
        string type = Expressions.TypeOf(unit.Bytes);
        string value = part.Constant is { } constant ? Expressions.Literal(constant) : Expressions.ToRaw(part);
        if (part.Constant is null && part.Scalar.Raw != type && Width(type) < part.Scalar.Width)
            value = $"({type}){value}";
        code.Line(Expressions.Write(unit.Bytes, model.LittleEndian, _cursor.Span, _cursor.Offset, value));
        _cursor.Advance(unit.Bytes);
    }

    private static int Width(string type) => type switch { "byte" => 8, "ushort" => 16, "uint" => 32, "ulong" => 64, _ => 128 };

    // Values are within their fields by now, so nothing is masked.
    private static string Pack(BitsUnit unit)
    {
        string type = Expressions.TypeOf(unit.Bytes);
        string arithmetic = type is "byte" or "ushort" ? "int" : type;
        int shift = unit.Bytes * 8;
        var terms = new List<string>();
        foreach (ScalarPart field in unit.Fields)
        {
            shift -= field.Bits;
            if (Term(field, arithmetic, shift) is { } term)
                terms.Add(term);
        }
        string packed = terms.Count == 0 ? "0" : string.Join(" | ", terms);
        bool isSingleOfType = unit.Fields.Length == 1 && unit.Fields[0] is { Constant: null, Scalar: { Shape: not ScalarShape.Bool } scalar } && scalar.Raw == type;
        return arithmetic != "int" || isSingleOfType || terms.Count == 0 ? packed : $"({type})({packed})";
    }

    private static string? Term(ScalarPart field, string arithmetic, int shift)
    {
        string suffix = arithmetic switch { "uint" => "u", "ulong" => "UL", _ => "" };
        if (field.Constant is { } constant)
            return constant == 0 ? null : Expressions.Literal(constant << shift) + suffix;
        if (field.Scalar.Shape == ScalarShape.Bool)
            return $"({field.Name} ? {Expressions.Hex(1UL << shift)}{suffix} : 0)";
        string raw = Expressions.ToRaw(field);
        bool needsCast = arithmetic == "int" ? field.Scalar.Raw is not ("byte" or "ushort") : field.Scalar.Raw != arithmetic;
        string value = needsCast ? $"({arithmetic}){raw}" : raw;
        return shift == 0 ? value : $"{value} << {shift}";
    }

    private void WriteBytes(BytesPart part, bool isLast)
    {
        string length = LengthEmitter.ContentLength(part);
        if (part.Extent is PrefixExtent { UnlessRest: { } flag } prefix)
        {
            _cursor.MoveToRest();
            code.Line($"if ({Expressions.ToRaw((ScalarPart)model.Find(flag))})");
            if (prefix.Prefix == Prefix.VarInt)
                code.Indented($"rest = rest[VarInt.Write(rest, (ulong){length})..];");
            else
            {
                code.Open();
                WriteLength(prefix.Prefix, length, isConstant: false);
                _cursor.MoveToRest();
                code.Close();
            }
        }
        else if (part.Extent is PrefixExtent { Prefix: Prefix.VarInt })
            WriteVarInt($"(ulong){length}", 0);
        else if (part.Extent is PrefixExtent fixedPrefix)
            WriteLength(fixedPrefix.Prefix, length, isConstant: false);

        _cursor.Settle();
        if (part.Content == Content.Nested)
        {
            if (!isLast)
                _cursor.MoveToRest();
            code.Line(isLast ? $"{part.Name}.Write({_cursor.Here});" : $"rest = rest[{part.Name}.Write(rest)..];");
            return;
        }
        code.Line($"{part.Name}{(part.Content == Content.Span ? "" : ".Encoded")}.CopyTo({_cursor.Here});");
        if (part.Extent is FixedExtent { Bytes: var bytes })
            _cursor.Advance(bytes);
        else
            _cursor.Advance(length);
    }

    private void WriteVarInt(string value, int knownBytes)
    {
        _cursor.Settle();
        if (knownBytes == 1)
            code.Line($"{_cursor.Span}[{_cursor.Offset}] = {value};");
        else if (knownBytes > 0)
            code.Line($"VarInt.Write({_cursor.Here}, {value});");
        else
        {
            _cursor.MoveToRest();
            code.Line($"rest = rest[VarInt.Write(rest, {value})..];");
        }
        _cursor.Advance(knownBytes);
    }

    private void WriteLength(Prefix prefix, string length, bool isConstant)
    {
        _cursor.Settle();
        int bytes = prefix switch { Prefix.UInt8 => 1, Prefix.UInt16 => 2, _ => 3 };
        string value = isConstant ? length : $"({Expressions.TypeOf(bytes)}){length}";
        code.Line(Expressions.Write(bytes, littleEndian: false, _cursor.Span, _cursor.Offset, value));
        _cursor.Advance(bytes);
    }

    private void Check(string condition, string error, string name)
    {
        code.Line($"if ({condition})");
        code.Indented($"Throw.{error}(nameof({name}));");
    }
}

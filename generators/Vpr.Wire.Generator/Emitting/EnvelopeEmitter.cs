using Vpr.Wire.Generator.Model;

namespace Vpr.Wire.Generator.Emitting;

/// <summary>Emits how a family reads and writes what stands in front of a member's body.</summary>
internal sealed class EnvelopeEmitter(Envelope envelope, CodeWriter code)
{
    private int TypeBytes => envelope.Type switch { TypeEncoding.UInt8 => 1, TypeEncoding.UInt16 => 2, _ => 0 };

    private int LengthBytes => envelope.Length switch { Prefix.UInt8 => 1, Prefix.UInt16 => 2, Prefix.UInt24 => 3, _ => 0 };

    private bool IsShortest => envelope is { ShortestType: true, Type: TypeEncoding.VarInt };

    public void Emit()
    {
        if (!envelope.HasLength)
        {
            EmitTryParseType();
            return;
        }
        EmitTryParseHeader();
        code.Line();
        EmitHeaderLength();
        code.Line();
        EmitWriteHeader();
        code.Line();
        EmitTryParseEnvelope();
    }

    private void EmitTryParseType()
    {
        code.Line("/// <summary>Reads the type of a member.</summary>");
        code.Line("/// <param name=\"source\">Bytes that begin with the member.</param>");
        code.Line("/// <param name=\"type\">The type, flags included; 0 where reading fails.</param>");
        code.Line("/// <param name=\"consumed\">Bytes of the type; 0 where reading fails.</param>");
        code.Line($"/// <returns>False where the source ends within the type{(IsShortest ? ", or the type is longer than it need be" : "")}.</returns>");
        if (TypeBytes == 0 && !IsShortest)
        {
            code.Line("public static bool TryParseType(ReadOnlySpan<byte> source, out ulong type, out int consumed) =>");
            code.Indented("VarInt.TryRead(source, out type, out consumed);");
            return;
        }
        code.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        code.Line("public static bool TryParseType(ReadOnlySpan<byte> source, out ulong type, out int consumed)");
        code.Open();
        if (TypeBytes == 0)
        {
            code.Line("if (VarInt.TryRead(source, out type, out consumed) && (consumed == 1 || consumed == VarInt.Length(type)))");
            code.Indented("return true;");
            code.Line("type = 0;");
            code.Line("consumed = 0;");
            code.Line("return false;");
        }
        else
        {
            code.Line($"bool isWhole = source.Length >= {TypeBytes};");
            code.Line($"type = isWhole ? {Expressions.Read(TypeBytes, littleEndian: false, "source", 0)} : 0u;");
            code.Line($"consumed = isWhole ? {TypeBytes} : 0;");
            code.Line("return isWhole;");
        }
        code.Close();
    }

    private void EmitTryParseHeader()
    {
        code.Line("/// <summary>Reads type and length alone, for bodies that are taken as they arrive.</summary>");
        code.Line("/// <param name=\"source\">Bytes that begin with a member.</param>");
        code.Line("/// <param name=\"type\">The type, flags included.</param>");
        code.Line("/// <param name=\"length\">The length of the body in bytes; it need not be there yet.</param>");
        code.Line("/// <param name=\"consumed\">Bytes of type and length; 0 where they are not read.</param>");
        code.Line(IsShortest
            ? "/// <returns><see cref=\"OperationStatus.NeedMoreData\"/> where the source ends before the body, <see cref=\"OperationStatus.InvalidData\"/> where the type is longer than it need be.</returns>"
            : "/// <returns><see cref=\"OperationStatus.NeedMoreData\"/> where the source ends before the body.</returns>");
        code.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        code.Line("public static OperationStatus TryParseHeader(ReadOnlySpan<byte> source, out ulong type, out ulong length, out int consumed)");
        code.Open();
        code.Line("type = 0;");
        code.Line("length = 0;");
        code.Line("consumed = 0;");
        if (TypeBytes > 0 && LengthBytes > 0)
        {
            code.Line($"if (source.Length < {TypeBytes + LengthBytes})");
            code.Indented("return OperationStatus.NeedMoreData;");
            code.Line($"type = {Expressions.Read(TypeBytes, littleEndian: false, "source", 0)};");
            code.Line($"length = {Expressions.Read(LengthBytes, littleEndian: false, "source", TypeBytes)};");
            code.Line($"consumed = {TypeBytes + LengthBytes};");
            code.Line("return OperationStatus.Done;");
            code.Close();
            return;
        }
        code.Line("ReadOnlySpan<byte> rest = source;");
        EmitRead("wireType", TypeBytes);
        if (IsShortest)
        {
            code.Line("if (source.Length - rest.Length != VarInt.Length(wireType))");
            code.Indented("return OperationStatus.InvalidData;");
        }
        EmitRead("wireLength", LengthBytes);
        code.Line("type = wireType;");
        code.Line("length = wireLength;");
        code.Line("consumed = source.Length - rest.Length;");
        code.Line("return OperationStatus.Done;");
        code.Close();
    }

    private void EmitRead(string local, int bytes)
    {
        code.Line(bytes == 0 ? $"if (!VarInt.TryRead(ref rest, out ulong {local}))" : $"if (rest.Length < {bytes})");
        code.Indented("return OperationStatus.NeedMoreData;");
        if (bytes == 0)
            return;
        code.Line($"ulong {local} = {Expressions.Read(bytes, littleEndian: false, "rest", 0)};");
        code.Line($"rest = rest[{bytes}..];");
    }

    private void EmitHeaderLength()
    {
        code.Line("/// <summary>The length in bytes of type and length.</summary>");
        code.Line("/// <param name=\"type\">The type.</param>");
        code.Line("/// <param name=\"length\">The length of the body in bytes.</param>");
        string type = TypeBytes == 0 ? "VarInt.Length(type)" : TypeBytes.ToString();
        string length = LengthBytes == 0 ? "VarInt.Length(length)" : LengthBytes.ToString();
        string sum = TypeBytes > 0 && LengthBytes > 0 ? (TypeBytes + LengthBytes).ToString() : $"{type} + {length}";
        code.Line($"public static int HeaderLength(ulong type, ulong length) => {sum};");
    }

    private void EmitWriteHeader()
    {
        code.Line("/// <summary>Writes type and length alone, for bodies that are sent as they come.</summary>");
        code.Line("/// <param name=\"destination\">Room for <see cref=\"HeaderLength\"/> bytes or more.</param>");
        code.Line("/// <param name=\"type\">The type.</param>");
        code.Line("/// <param name=\"length\">The length of the body in bytes.</param>");
        code.Line("/// <returns>Bytes written.</returns>");
        code.Line("/// <exception cref=\"ArgumentException\">The destination is too small, or a number does not fit: misuse by the caller.</exception>");
        code.Line("public static int WriteHeader(Span<byte> destination, ulong type, ulong length)");
        code.Open();
        EmitFits("type", TypeBytes);
        EmitFits("length", LengthBytes);
        code.Line("int written = HeaderLength(type, length);");
        code.Line("if (destination.Length < written)");
        code.Indented("Throw.DestinationTooSmall();");
        string start = "0";
        if (TypeBytes > 0)
            code.Line(Expressions.Write(TypeBytes, littleEndian: false, "destination", 0, $"({Expressions.TypeOf(TypeBytes)})type"));
        else
        {
            code.Line("int start = VarInt.Write(destination, type);");
            start = "start";
        }
        string body = start == "0" ? $"destination[{TypeBytes}..]" : "destination[start..]";
        if (LengthBytes == 0)
            code.Line($"VarInt.Write({body}, length);");
        else if (LengthBytes == 1)
            code.Line($"destination[{(start == "0" ? TypeBytes.ToString() : start)}] = (byte)length;");
        else
            code.Line(Expressions.Write(LengthBytes, littleEndian: false, body, 0, $"({Expressions.TypeOf(LengthBytes)})length"));
        code.Line("return written;");
        code.Close();
    }

    private void EmitFits(string name, int bytes)
    {
        if (bytes == 0)
            return;
        code.Line($"if ({name} > {Expressions.Literal(Expressions.Greatest(bytes * 8))})");
        code.Indented($"Throw.OutOfRange(nameof({name}));");
    }

    private void EmitTryParseEnvelope()
    {
        code.Line("/// <summary>Reads type, length and body.</summary>");
        code.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        code.Line("internal static bool TryParseEnvelope(ReadOnlySpan<byte> source, out ulong type, out ReadOnlySpan<byte> body, out int consumed)");
        code.Open();
        code.Line("if (TryParseHeader(source, out type, out ulong length, out consumed) != OperationStatus.Done");
        code.Indented("|| length > (ulong)(source.Length - consumed))");
        code.Open();
        code.Line("body = default;");
        code.Line("return false;");
        code.Close();
        code.Line("body = source.Slice(consumed, (int)length);");
        code.Line("consumed += body.Length;");
        code.Line("return true;");
        code.Close();
    }
}

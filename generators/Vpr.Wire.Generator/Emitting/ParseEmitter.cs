using Vpr.Wire.Generator.Model;

namespace Vpr.Wire.Generator.Emitting;

/// <summary>Emits the statements that read a structure's parts and make the value of them.</summary>
/// <param name="source">The name of the parameter that holds the bytes.</param>
internal sealed class ParseEmitter(StructModel model, CodeWriter code, string source)
{
    private const string Failure = "return WireReader.Malformed(out value, out consumed);";

    private readonly Cursor _cursor = new(code, source, "ReadOnlySpan<byte>");
    private readonly List<string> _checks = [];
    private readonly HashSet<string> _names = [.. model.Parts.Select(part => part.Local)];
    private readonly HashSet<string> _referenced = References(model);
    private bool _isConditional;
    private bool _isAtEnd;
    private bool _isConsumedSet;

    public void Emit()
    {
        foreach (ScalarPart flag in model.Parts.OfType<ScalarPart>().Where(part => part.Encoding == ScalarEncoding.TypeBit))
            code.Line($"bool {flag.Local} = (type & {Expressions.Hex(flag.Mask)}) != 0;");
        List<Unit> units = Unit.Of(model.Parts);
        if (units.Count == 1 && units[0] is VarIntUnit { Part.When: null } only)
            EmitOnlyVarInt(only.Part);
        else
        {
            foreach (List<Unit> block in Unit.Blocks(units))
            {
                if (block[0].When is { } when)
                    EmitConditional(block, Expressions.IsPresent(model, when, inParser: true));
                else
                    EmitUnits(block);
            }
        }
        EmitValue();
    }

    private static HashSet<string> References(StructModel model) => [.. model.Parts
        .SelectMany(part => new[]
        {
            part.When?.Part,
            part is BytesPart bytes ? bytes.Extent switch
            {
                FromExtent from => from.Part,
                CountExtent count => count.Part,
                PrefixExtent prefix => prefix.UnlessRest,
                _ => null,
            } : null,
        })
        .OfType<string>()];

    private void EmitOnlyVarInt(ScalarPart part)
    {
        Fail([$"!VarInt.TryRead({source}, out ulong {part.Local}, out consumed)", .. ChecksOf(part, part.Local)]);
        _isConsumedSet = true;
    }

    private void EmitConditional(List<Unit> block, string condition)
    {
        FlushChecks();
        _cursor.MoveToRest();
        foreach (Part part in block.SelectMany(unit => PartsOf(unit)))
            code.Line(part is ScalarPart scalar ? $"{scalar.Scalar.Raw} {part.Local} = {(scalar.Scalar.Shape == ScalarShape.Bool ? "false" : "0")};" : $"{part.Type} {part.Local} = default;");
        _isConditional = true;
        if (block.Count == 1 && block[0] is VarIntUnit { Part: var only })
        {
            string[] tests = [$"!VarInt.TryRead(ref rest, out {only.Local})", .. ChecksOf(only, only.Local)];
            Fail([$"{condition} && {(tests.Length == 1 ? tests[0] : $"({string.Join(" || ", tests)})")}"]);
            _cursor.RestMoved();
        }
        else
        {
            code.Line($"if ({condition})");
            code.Open();
            _cursor.Checked = 0;
            EmitUnits(block);
            _cursor.MoveToRest();
            code.Close();
            _cursor.Checked = 0;
        }
        _isConditional = false;
    }

    private void EmitUnits(List<Unit> units)
    {
        for (int i = 0; i < units.Count; i++)
        {
            EnsureLength(units, i);
            switch (units[i])
            {
                case IntegerUnit integer:
                    EmitInteger(integer);
                    break;
                case BitsUnit bits:
                    EmitBits(bits);
                    break;
                case VarIntUnit:
                    i = EmitVarInts(units, i);
                    break;
                case BytesUnit bytes:
                    EmitBytes(bytes.Part);
                    break;
            }
        }
        FlushChecks();
    }

    // One comparison for all that stands at known places.
    private void EnsureLength(List<Unit> units, int index)
    {
        if (units[index].LeadingBytes == 0)
            return;
        if (_cursor.Extra is not null)
        {
            FlushChecks();
            _cursor.Settle();
        }
        int needed = _cursor.Offset + Unit.RunLength(units, index);
        if (needed <= _cursor.Checked || _cursor.Offset + units[index].LeadingBytes <= _cursor.Checked)
            return;
        FlushChecks();
        Fail([needed == 1 ? $"{_cursor.Span}.IsEmpty" : $"{_cursor.Span}.Length < {needed}"]);
        _cursor.Checked = needed;
    }

    private void EmitInteger(IntegerUnit unit)
    {
        string read = Expressions.Read(unit.Bytes, model.LittleEndian, _cursor.Span, _cursor.Offset);
        _cursor.Advance(unit.Bytes);
        Take(unit.Part, read);
    }

    private void EmitBits(BitsUnit unit)
    {
        string read = Expressions.Read(unit.Bytes, littleEndian: false, _cursor.Span, _cursor.Offset);
        string word = read;
        string type = Expressions.TypeOf(unit.Bytes);
        if (unit.Fields.Length > 1)
        {
            word = Fresh((unit.Bytes == 1 ? "octet" : "word") + (_cursor.IsInRest ? "" : _cursor.Offset.ToString()));
            code.Line($"{type} {word} = {read};");
        }
        _cursor.Advance(unit.Bytes);
        int shift = unit.Bytes * 8;
        foreach (ScalarPart field in unit.Fields)
        {
            shift -= field.Bits;
            if (IsOnlyCompared(field) && field.Scalar.Shape != ScalarShape.Bool)
                _checks.AddRange(ChecksOf(field, Bits(field, word, shift, unit.Bytes * 8)));
            else
                Take(field, Extract(field, word, type, shift, unit.Bytes * 8));
        }
    }

    private static string Extract(ScalarPart field, string word, string type, int shift, int width)
    {
        ulong greatest = Expressions.Greatest(field.Bits);
        if (field.Scalar.Shape == ScalarShape.Bool)
            return $"({word} & {Expressions.Hex(greatest << shift)}) != 0";
        string bits = Bits(field, word, shift, width);
        // An octet or a ushort becomes an int by shifting; wider words keep their type.
        string computed = bits == word ? type : type is "byte" or "ushort" ? "int" : type;
        return computed == field.Scalar.Raw ? bits : bits == word ? $"({field.Scalar.Raw}){bits}" : $"({field.Scalar.Raw})({bits})";
    }

    private static string Bits(ScalarPart field, string word, int shift, int width)
    {
        string bits = shift == 0 ? word : $"{word} >> {shift}";
        bool isTop = shift + field.Bits == width;
        return isTop ? bits : $"{bits} & {Expressions.Literal(Expressions.Greatest(field.Bits))}";
    }

    private int EmitVarInts(List<Unit> units, int index)
    {
        FlushChecks();
        _cursor.MoveToRest();
        var tests = new List<string>();
        for (; index < units.Count && units[index] is VarIntUnit { Part: var part }; index++)
        {
            tests.Add($"!VarInt.TryRead(ref rest, out {Declare("ulong", part.Local)})");
            tests.AddRange(ChecksOf(part, part.Local));
        }
        Fail(tests);
        _cursor.RestMoved();
        return index - 1;
    }

    // A constant that nothing else needs is compared where it stands and gets no local.
    private void Take(ScalarPart part, string read)
    {
        if (!IsOnlyCompared(part))
            code.Line($"{Declare(part.Scalar.Raw, part.Local)} = {read};");
        _checks.AddRange(ChecksOf(part, IsOnlyCompared(part) ? read : part.Local));
    }

    private bool IsOnlyCompared(ScalarPart part) =>
        part is { Constant: not null, IsSettable: false } && !_isConditional && !_referenced.Contains(part.Name);

    private static IEnumerable<string> ChecksOf(ScalarPart part, string value)
    {
        if (part.Constant is { } constant)
        {
            if (part.Scalar.Shape != ScalarShape.Bool)
                yield return $"{(value.Contains('&') ? Expressions.Operand(value) : value)} != {Expressions.Literal(constant)}";
            else
                yield return constant == 0 ? value : value == part.Local ? $"!{value}" : value.Replace("!= 0", "== 0");
        }
        else if (part.Between is { } bounds
            && Expressions.IsOutside(value, bounds.Minimum, bounds.Maximum, Expressions.Greatest(part.Bits)) is { } outside)
        {
            yield return outside;
        }
    }

    private void EmitBytes(BytesPart part)
    {
        FlushChecks();
        switch (part.Extent)
        {
            case FixedExtent { Bytes: var bytes }:
                _cursor.Settle();
                EmitContent(part, Expressions.Slice(_cursor.Span, _cursor.Offset, bytes.ToString()), bytes.ToString());
                _cursor.Advance(bytes);
                break;
            case PrefixExtent { Prefix: Prefix.VarInt } prefix:
                EmitVarIntPrefixed(part, prefix);
                break;
            case PrefixExtent { UnlessRest: null } prefix:
                EmitPrefixed(part, prefix);
                break;
            case PrefixExtent prefix:
                EmitPrefixedOrRest(part, prefix);
                break;
            case FromExtent from:
                EmitFrom(part, from);
                break;
            case CountExtent count:
                _cursor.Settle();
                Fail([$"!{part.Type}.TryParse({_cursor.Here}, {model.Find(count.Part).Local}, out {Declare(part.Type, part.Local)})"]);
                _cursor.Advance($"{part.Local}.EncodedLength");
                break;
            case RestExtent:
                _cursor.Settle();
                EmitContent(part, _cursor.Here, _cursor.Remaining);
                _isAtEnd = true;
                break;
            default:
                _cursor.Settle();
                string length = Fresh(part.Local + "Length");
                Fail([$"!{part.Type}.TryParse({_cursor.Here}, out {Declare(part.Type, part.Local)}, out int {length})"]);
                _cursor.Advance(length);
                break;
        }
    }

    private void EmitPrefixed(BytesPart part, PrefixExtent extent)
    {
        string length = Fresh(part.Local + "Length");
        code.Line($"int {length} = {ReadLength(extent)};");
        _cursor.Advance(extent.PrefixBytes);
        Fail([$"{length} > {_cursor.Remaining}", .. BoundsOf(extent, length)]);
        EmitContent(part, Expressions.Slice(_cursor.Span, _cursor.Offset, length), length);
        _cursor.Advance(length);
    }

    private void EmitVarIntPrefixed(BytesPart part, PrefixExtent extent)
    {
        _cursor.MoveToRest();
        string length = Fresh(part.Local + "Length");
        if (extent.UnlessRest is { } flag)
        {
            code.Line($"ulong {length} = (ulong)rest.Length;");
            Fail([$"{model.Find(flag).Local} && (!VarInt.TryRead(ref rest, out {length}) || {length} > (ulong)rest.Length)", .. BoundsOf(extent, length)]);
        }
        else
            Fail([$"!VarInt.TryRead(ref rest, out ulong {length})", $"{length} > (ulong)rest.Length", .. BoundsOf(extent, length)]);
        _cursor.RestMoved();
        EmitContent(part, $"rest[..(int){length}]", $"(int){length}");
        _cursor.Advance(part.Content == Content.Span ? $"{part.Local}.Length" : $"(int){length}");
    }

    private void EmitPrefixedOrRest(BytesPart part, PrefixExtent extent)
    {
        _cursor.MoveToRest();
        string length = Fresh(part.Local + "Length");
        code.Line($"int {length} = rest.Length;");
        code.Line($"if ({model.Find(extent.UnlessRest!).Local})");
        code.Open();
        Fail([$"rest.Length < {extent.PrefixBytes}"]);
        code.Line($"{length} = {ReadLength(extent)};");
        code.Line($"rest = rest[{extent.PrefixBytes}..];");
        code.Close();
        _cursor.RestMoved();
        Fail([$"{length} > rest.Length", .. BoundsOf(extent, length)]);
        EmitContent(part, $"rest[..{length}]", length);
        _cursor.Advance(length);
    }

    private void EmitFrom(BytesPart part, FromExtent extent)
    {
        _cursor.Settle();
        var counter = (ScalarPart)model.Find(extent.Part);
        bool isWide = counter.Scalar.Raw is "uint" or "ulong";
        string length;
        if (extent is { Map: null, Unit: 1, Bias: 0 })
        {
            length = isWide ? $"(int){counter.Local}" : counter.Local;
            string remaining = _cursor.Remaining;
            Fail([isWide ? $"{counter.Local} > (ulong){Expressions.Operand(remaining)}" : $"{counter.Local} > {remaining}"]);
        }
        else
        {
            string local = Fresh(part.Local + "Length");
            string biased = Biased(isWide ? $"(long){counter.Local}" : counter.Local, extent);
            if (isWide && extent.Map is null)
                Fail([$"{counter.Local} > int.MaxValue"]);
            code.Line(extent.Map is { } map ? $"int {local} = {map}({Expressions.FromRaw(counter, counter.Local)});"
                : $"{(isWide ? "long" : "int")} {local} = {biased};");
            bool canBeNegative = extent.Map is not null || extent.Bias < -(long)(counter.Between?.Minimum ?? 0);
            Fail(canBeNegative ? [$"{local} < 0", $"{local} > {_cursor.Remaining}"] : [$"{local} > {_cursor.Remaining}"]);
            length = isWide && extent.Map is null ? $"(int){local}" : local;
        }
        EmitContent(part, Expressions.Slice(_cursor.Span, _cursor.Offset, length), length);
        _cursor.Advance(length);
    }

    /// <summary>(part + bias) × unit without needless operations.</summary>
    internal static string Biased(string part, FromExtent extent)
    {
        string biased = extent.Bias switch
        {
            0 => part,
            < 0 => $"{part} - {-extent.Bias}",
            _ => $"{part} + {extent.Bias}",
        };
        return extent.Unit == 1 ? biased : extent.Bias == 0 ? $"{biased} * {extent.Unit}" : $"({biased}) * {extent.Unit}";
    }

    private string ReadLength(PrefixExtent extent)
    {
        string read = Expressions.Read(extent.PrefixBytes, littleEndian: false, _cursor.Span, _cursor.Offset);
        return extent.Prefix == Prefix.UInt24 ? $"(int){read}" : read;
    }

    private static IEnumerable<string> BoundsOf(PrefixExtent extent, string length)
    {
        ulong greatest = extent.Prefix switch { Prefix.UInt8 => 0xFFu, Prefix.UInt16 => 0xFFFF, Prefix.UInt24 => 0xFF_FFFF, _ => int.MaxValue };
        if (extent.UnlessRest is not null)
            greatest = int.MaxValue;
        string? outside = Expressions.IsOutside(length, (ulong)extent.Minimum, (ulong)extent.Maximum, greatest);
        return outside is null ? [] : [outside];
    }

    private void EmitContent(BytesPart part, string bytes, string length)
    {
        string target = Declare(part.Type, part.Local);
        if (part.Content == Content.Span)
        {
            code.Line($"{target} = {bytes};");
            return;
        }
        if (part.Content != Content.Nested)
        {
            Fail([$"!{part.Type}.TryParse({bytes}, out {target})"]);
            return;
        }
        string read = Fresh(part.Local + "Read");
        Fail([$"!{part.Type}.TryParse({bytes}, out {target}, out int {read})", $"{read} != {length}"]);
    }

    private void EmitValue()
    {
        Part[] parts = [.. model.Parts.Where(part => part.IsSettable)];
        string[] values = [.. parts.Select(part => part is ScalarPart scalar ? Expressions.FromRaw(scalar, scalar.Local) : part.Local)];
        string creation = $"value = new {model.Name}({string.Join(", ", values)});";
        if (parts.Length == 0)
            code.Line("value = default;");
        else if (!model.UsesConstructor)
        {
            code.Line($"value = new {model.Name}");
            code.Open();
            foreach ((Part part, string value) in parts.Zip(values, (part, value) => (part, value)))
                code.Line($"{part.Name} = {value},");
            code.Close(";");
        }
        else if (creation.Length <= 120)
            code.Line(creation);
        else
        {
            code.Line($"value = new {model.Name}(");
            for (int i = 0; i < values.Length; i++)
                code.Indented(values[i] + (i == values.Length - 1 ? ");" : ","));
        }
        if (model.Valid is { } rule)
            Fail([$"!value.{rule}"]);
        if (!_isConsumedSet)
            code.Line($"consumed = {Consumed()};");
        code.Line("return true;");
    }

    private string Consumed()
    {
        if (_isAtEnd)
            return $"{source}.Length";
        return _cursor.IsInRest ? Expressions.Sum($"{source}.Length - rest.Length", _cursor.Position) : _cursor.Position;
    }

    private static IEnumerable<Part> PartsOf(Unit unit) => unit switch
    {
        BitsUnit bits => bits.Fields,
        IntegerUnit integer => [integer.Part],
        VarIntUnit varInt => [varInt.Part],
        _ => [((BytesUnit)unit).Part],
    };

    private string Declare(string type, string local) => _isConditional ? local : $"{type} {local}";

    private string Fresh(string name)
    {
        while (!_names.Add(name))
            name += "2";
        return name;
    }

    private void FlushChecks()
    {
        if (_checks.Count > 0)
            Fail(_checks);
        _checks.Clear();
    }

    private void Fail(IReadOnlyList<string> tests)
    {
        string condition = string.Join(" || ", tests);
        if (condition.Length <= 110)
            code.Line($"if ({condition})");
        else
        {
            string[] lines = [.. tests.Select((test, i) => (i == 0 ? "if (" : "    || ") + test + (i == tests.Count - 1 ? ")" : ""))];
            foreach (string line in lines)
                code.Line(line);
            code.Open();
            code.Line(Failure);
            code.Close();
            return;
        }
        code.Indented(Failure);
    }
}

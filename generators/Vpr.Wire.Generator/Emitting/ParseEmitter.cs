using Vpr.Wire.Generator.Model;

namespace Vpr.Wire.Generator.Emitting;

/// <summary>Emits the statements that read a structure's parts and make the value of them.</summary>
internal sealed class ParseEmitter(ParseContext context)
{
    private readonly ScalarParseEmitter _scalars = new(context);
    private readonly BytesParseEmitter _bytes = new(context);

    public void Emit()
    {
        foreach (ScalarPart flag in context.Model.Parts.OfType<ScalarPart>().Where(part => part.Encoding == ScalarEncoding.TypeBit))
            context.Code.Line($"bool {flag.Local} = (type & {Expressions.Hex(flag.Mask)}) != 0;");
        List<Unit> units = Unit.Of(context.Model.Parts);
        if (units.Count == 1 && units[0] is VarIntUnit { Part.When: null } only)
            EmitOnlyVarInt(only.Part);
        else
        {
            foreach (List<Unit> block in Unit.Blocks(units))
            {
                if (block[0].When is { } when)
                    EmitConditional(block, Expressions.IsPresent(context.Model, when, inParser: true));
                else
                    EmitUnits(block);
            }
        }
        EmitValue();
    }

    private void EmitOnlyVarInt(ScalarPart part)
    {
        context.Fail([$"!VarInt.TryRead({context.Source}, out ulong {part.Local}, out consumed)", .. ScalarParseEmitter.ChecksOf(part, part.Local)]);
        context.IsConsumedSet = true;
    }

    private void EmitConditional(List<Unit> block, string condition)
    {
        context.FlushChecks();
        context.Cursor.MoveToRest();
        foreach (Part part in block.SelectMany(unit => PartsOf(unit)))
            context.Code.Line(part is ScalarPart scalar ? $"{scalar.Scalar.Raw} {part.Local} = {(scalar.Scalar.Shape == ScalarShape.Bool ? "false" : "0")};" : $"{part.Type} {part.Local} = default;");
        context.IsConditional = true;
        if (block.Count == 1 && block[0] is VarIntUnit { Part: var only })
        {
            string[] tests = [$"!VarInt.TryRead(ref rest, out {only.Local})", .. ScalarParseEmitter.ChecksOf(only, only.Local)];
            context.Fail([$"{condition} && {(tests.Length == 1 ? tests[0] : $"({string.Join(" || ", tests)})")}"]);
            context.Cursor.RestMoved();
        }
        else
        {
            context.Code.Line($"if ({condition})");
            context.Code.Open();
            context.Cursor.Checked = 0;
            EmitUnits(block);
            context.Cursor.MoveToRest();
            context.Code.Close();
            context.Cursor.Checked = 0;
        }
        context.IsConditional = false;
    }

    private void EmitUnits(List<Unit> units)
    {
        for (int i = 0; i < units.Count; i++)
        {
            EnsureLength(units, i);
            switch (units[i])
            {
                case IntegerUnit integer:
                    _scalars.Emit(integer);
                    break;
                case BitsUnit bits:
                    _scalars.Emit(bits);
                    break;
                case VarIntUnit:
                    i = EmitVarInts(units, i);
                    break;
                case BytesUnit bytes:
                    _bytes.Emit(bytes.Part);
                    break;
            }
        }
        context.FlushChecks();
    }

    // One comparison for all that stands at known places.
    private void EnsureLength(List<Unit> units, int index)
    {
        if (units[index].LeadingBytes == 0)
            return;
        if (context.Cursor.Extra is not null)
        {
            context.FlushChecks();
            context.Cursor.Settle();
        }
        int needed = context.Cursor.Offset + Unit.RunLength(units, index);
        if (needed <= context.Cursor.Checked || context.Cursor.Offset + units[index].LeadingBytes <= context.Cursor.Checked)
            return;
        context.FlushChecks();
        context.Fail([needed == 1 ? $"{context.Cursor.Span}.IsEmpty" : $"{context.Cursor.Span}.Length < {needed}"]);
        context.Cursor.Checked = needed;
    }

    private int EmitVarInts(List<Unit> units, int index)
    {
        context.FlushChecks();
        context.Cursor.MoveToRest();
        var tests = new List<string>();
        for (; index < units.Count && units[index] is VarIntUnit { Part: var part }; index++)
        {
            tests.Add($"!VarInt.TryRead(ref rest, out {context.Declare("ulong", part.Local)})");
            tests.AddRange(ScalarParseEmitter.ChecksOf(part, part.Local));
        }
        context.Fail(tests);
        context.Cursor.RestMoved();
        return index - 1;
    }

    private static IEnumerable<Part> PartsOf(Unit unit) => unit switch
    {
        BitsUnit bits => bits.Fields,
        IntegerUnit integer => [integer.Part],
        VarIntUnit varInt => [varInt.Part],
        _ => [((BytesUnit)unit).Part],
    };

    private void EmitValue()
    {
        Part[] parts = [.. context.Model.Parts.Where(part => part.IsSettable)];
        string[] values = [.. parts.Select(part => part is ScalarPart scalar ? Expressions.FromRaw(scalar, scalar.Local) : part.Local)];
        string creation = $"value = new {context.Model.Name}({string.Join(", ", values)});";
        if (parts.Length == 0)
            context.Code.Line("value = default;");
        else if (!context.Model.UsesConstructor)
        {
            context.Code.Line($"value = new {context.Model.Name}");
            context.Code.Open();
            foreach ((Part part, string value) in parts.Zip(values, (part, value) => (part, value)))
                context.Code.Line($"{part.Name} = {value},");
            context.Code.Close(";");
        }
        else if (creation.Length <= 120)
            context.Code.Line(creation);
        else
        {
            context.Code.Line($"value = new {context.Model.Name}(");
            for (int i = 0; i < values.Length; i++)
                context.Code.Indented(values[i] + (i == values.Length - 1 ? ");" : ","));
        }
        if (context.Model.Valid is { } rule)
            context.Fail([$"!value.{rule}"]);
        if (!context.IsConsumedSet)
            context.Code.Line($"consumed = {(context.IsAtEnd ? $"{context.Source}.Length" : context.ConsumedSoFar)};");
        context.Code.Line("return true;");
    }
}

using Vpr.Wire.Generator.Model;

namespace Vpr.Wire.Generator.Emitting;

/// <summary>Emits a family's visitor interface and its dispatcher.</summary>
internal sealed class FamilyEmitter
{
    private readonly CodeWriter _code = new();
    private readonly FamilyDeclaration _family;
    private readonly EquatableArray<FamilyMember> _members;
    private readonly Envelope _envelope;

    private FamilyEmitter(FamilyModel model)
    {
        _family = model.Declaration;
        _members = model.Members;
        _envelope = model.Declaration.Envelope;
    }

    public static string HintName(FamilyDeclaration family) => family.Key + ".g.cs";

    public static string Emit(FamilyModel model)
    {
        var emitter = new FamilyEmitter(model);
        emitter.EmitVisitor();
        emitter._code.Line();
        emitter.EmitClass();
        return SourceFile.Of(model.Declaration.Namespace, emitter._code);
    }

    private string Visitor => $"I{_family.Name}Visitor";

    private string NameOf(FamilyMember member) =>
        member.Namespace == _family.Namespace ? member.Name : $"global::{member.Namespace}.{member.Name}";

    private void EmitVisitor()
    {
        _code.Line($"/// <summary>Takes the members of <see cref=\"{_family.Name}\"/> as they are read. A view is valid during the call only.</summary>");
        _code.Line($"{_family.Accessibility} interface {Visitor}");
        _code.Open();
        foreach (FamilyMember member in _members)
        {
            _code.Line($"/// <summary>Takes {Article(member.Name)} <see cref=\"{NameOf(member)}\"/>.</summary>");
            _code.Line("/// <returns>False to stop.</returns>");
            _code.Line($"bool Visit(in {NameOf(member)} member);");
            _code.Line();
        }
        _code.Line("/// <summary>Takes what is of no known type.</summary>");
        _code.Line("/// <param name=\"type\">The type.</param>");
        _code.Line(_envelope.HasLength
            ? "/// <param name=\"body\">The body.</param>"
            : "/// <param name=\"body\">All that follows the type: where the element ends is not known.</param>");
        _code.Line("/// <returns>False to stop.</returns>");
        _code.Line("bool VisitUnknown(ulong type, ReadOnlySpan<byte> body);");
        _code.Close();
    }

    private static string Article(string name) => "AEIOU".IndexOf(name[0]) >= 0 ? "an" : "a";

    private void EmitClass()
    {
        _code.Line($"static partial class {_family.Name}");
        _code.Open();
        EmitDispatch();
        if (!_envelope.IsExternal)
        {
            _code.Line();
            EmitDispatchAll();
            _code.Line();
            var header = new EnvelopeEmitter(_envelope, _code);
            header.Emit();
        }
        foreach (FamilyMember member in _members)
        {
            _code.Line();
            EmitVisit(member);
        }
        _code.Close();
    }

    private void EmitDispatch()
    {
        _code.Line(_envelope.IsExternal
            ? "/// <summary>Reads a member of a type known from elsewhere and hands it to the visitor.</summary>"
            : "/// <summary>Reads one member and hands it to the visitor.</summary>");
        if (_envelope.IsExternal)
            _code.Line("/// <param name=\"type\">The type.</param>");
        _code.Line($"/// <param name=\"{Source}\">Bytes that begin with the member.</param>");
        _code.Line("/// <param name=\"visitor\">Takes the member.</param>");
        _code.Line("/// <param name=\"consumed\">Bytes taken; 0 unless the visitor saw a whole member.</param>");
        string type = _envelope.IsExternal ? "ulong type, " : "";
        _code.Line($"public static WireStatus Dispatch<TVisitor>({type}ReadOnlySpan<byte> {Source}, scoped ref TVisitor visitor, out int consumed)");
        _code.Indented($"where TVisitor : {Visitor}, allows ref struct");
        _code.Open();
        EmitEnvelope();
        _code.Line("switch (type)");
        _code.Open();
        foreach (FamilyMember member in _members)
        {
            _code.Line($"case {Pattern(member)}:");
            _code.Indented($"return Visit{member.Name}(body, {(member.Flags == 0 ? "" : "type, ")}ref visitor, ref consumed);");
        }
        _code.Line("default:");
        _code.In();
        if (_envelope.HasLength)
            _code.Line("return visitor.VisitUnknown(type, body) ? WireStatus.Unknown : WireStatus.Stopped;");
        else
        {
            if (!_envelope.IsExternal)
                _code.Line("consumed = 0;");
            _code.Line("return visitor.VisitUnknown(type, body) ? WireStatus.Unknown : WireStatus.Stopped;");
        }
        _code.Out();
        _code.Close();
        _code.Close();
    }

    private string Source => _envelope.IsExternal ? "body" : "source";

    private void EmitEnvelope()
    {
        if (_envelope.IsExternal)
        {
            _code.Line("consumed = 0;");
            return;
        }
        if (!_envelope.HasLength)
        {
            _code.Line("if (!TryParseType(source, out ulong type, out consumed))");
            _code.Indented("return WireStatus.Malformed;");
            _code.Line("ReadOnlySpan<byte> body = source[consumed..];");
            return;
        }
        if (_envelope.ShortestType && _envelope.Type == TypeEncoding.VarInt)
        {
            _code.Line("OperationStatus header = TryParseHeader(source, out ulong type, out ulong length, out consumed);");
            _code.Line("if (header != OperationStatus.Done)");
            _code.Indented("return header == OperationStatus.NeedMoreData ? WireStatus.NeedMoreData : WireStatus.Malformed;");
        }
        else
        {
            _code.Line("if (TryParseHeader(source, out ulong type, out ulong length, out consumed) != OperationStatus.Done)");
            _code.Indented("return WireStatus.NeedMoreData;");
        }
        _code.Line("if (length > (ulong)(source.Length - consumed))");
        _code.Open();
        _code.Line("consumed = 0;");
        _code.Line("return WireStatus.NeedMoreData;");
        _code.Close();
        _code.Line("ReadOnlySpan<byte> body = source.Slice(consumed, (int)length);");
        _code.Line("consumed += body.Length;");
    }

    private void EmitDispatchAll()
    {
        _code.Line("/// <summary>Reads members to the end of the source and hands each to the visitor.</summary>");
        _code.Line("/// <param name=\"source\">Members one behind the other.</param>");
        _code.Line("/// <param name=\"visitor\">Takes the members.</param>");
        _code.Line("/// <param name=\"consumed\">Bytes of the members that the visitor saw.</param>");
        _code.Line("/// <returns><see cref=\"WireStatus.Done\"/>, or what became of the first member that did not end so.</returns>");
        _code.Line("public static WireStatus DispatchAll<TVisitor>(ReadOnlySpan<byte> source, scoped ref TVisitor visitor, out int consumed)");
        _code.Indented($"where TVisitor : {Visitor}, allows ref struct");
        _code.Open();
        _code.Line("consumed = 0;");
        _code.Line("while (consumed < source.Length)");
        _code.Open();
        _code.Line("WireStatus status = Dispatch(source[consumed..], ref visitor, out int length);");
        _code.Line("consumed += length;");
        _code.Line(_envelope.HasLength ? "if (status is not (WireStatus.Done or WireStatus.Unknown))" : "if (status != WireStatus.Done)");
        _code.Indented("return status;");
        _code.Close();
        _code.Line("return WireStatus.Done;");
        _code.Close();
    }

    // One method a member: the dispatcher's own frame stays small, and each can be compiled on its own.
    private void EmitVisit(FamilyMember member)
    {
        (string parameter, string argument) = member.Flags == 0 ? ("", "") : ("ulong type, ", "type, ");
        string parse = _envelope.IsExternal ? "TryParse" : "TryParseBody";
        _code.Line($"private static WireStatus Visit{member.Name}<TVisitor>(ReadOnlySpan<byte> body, {parameter}scoped ref TVisitor visitor, scoped ref int consumed)");
        _code.Indented($"where TVisitor : {Visitor}, allows ref struct");
        _code.Open();
        string malformed = $"!{NameOf(member)}.{parse}(body, {argument}out {NameOf(member)} member, out int length)";
        _code.Line(_envelope.HasLength ? $"if ({malformed} || length != body.Length)" : $"if ({malformed})");
        _code.Open();
        _code.Line("consumed = 0;");
        _code.Line("return WireStatus.Malformed;");
        _code.Close();
        if (!_envelope.HasLength)
            _code.Line("consumed += length;");
        _code.Line("return visitor.Visit(in member) ? WireStatus.Done : WireStatus.Stopped;");
        _code.Close();
    }

    private static string Pattern(FamilyMember member)
    {
        if (member.Flags == 0)
            return Expressions.Hex(member.Type);
        if ((member.Flags & (member.Flags + 1)) == 0)
            return $">= {Expressions.Hex(member.Type)} and <= {Expressions.Hex(member.Type | member.Flags)}";
        var types = new List<string>();
        for (ulong flags = 0; ; flags = (flags - member.Flags) & member.Flags)
        {
            types.Add(Expressions.Hex(member.Type | flags));
            if (flags == member.Flags)
                return string.Join(" or ", types);
        }
    }
}

using Vpr.Wire.Generator.Model;

namespace Vpr.Wire.Generator.Emitting;

/// <summary>
/// Where emitted code stands: in a span, at an offset that is known now plus at most one length that is known at run time. It
/// moves on in a local <c>rest</c> only where an offset can no longer be a constant.
/// </summary>
internal sealed class Cursor(CodeWriter code, string start, string spanType)
{
    private bool _isRestDeclared;

    /// <summary>The span in use: the parameter, or <c>rest</c>.</summary>
    public string Span { get; private set; } = start;

    public int Offset { get; private set; }

    /// <summary>How many bytes of the span are known to be there.</summary>
    public int Checked { get; set; }

    /// <summary>A run-time length to be added to the offset.</summary>
    public string? Extra { get; private set; }

    public bool IsAtStart => !IsInRest && Offset == 0 && Extra is null;

    public bool IsInRest => _isRestDeclared;

    public string Position => Expressions.Sum(Offset.ToString(), Extra ?? "");

    public string Here => Expressions.From(Span, Position);

    /// <summary>How many bytes the span has from here on.</summary>
    public string Remaining => Position == "0" ? $"{Span}.Length" : $"{Span}.Length - {Position}";

    public void Advance(int bytes) => Offset += bytes;

    public void Advance(string length) => Extra = length;

    /// <summary>Goes to the end of the span.</summary>
    public void AdvanceToEnd()
    {
        Extra = $"{Span}.Length";
        Offset = 0;
    }

    /// <summary>Makes the position a constant offset.</summary>
    public void Settle()
    {
        if (Extra is not null)
            MoveToRest();
    }

    /// <summary>Makes <c>rest</c> begin here, for reads that move it themselves and for branches that end at different places.</summary>
    public void MoveToRest()
    {
        if (!_isRestDeclared)
            code.Line($"{spanType} rest = {Here};");
        else if (Position != "0")
            code.Line($"rest = {Here};");
        Checked = Extra is null && Checked > Offset ? Checked - Offset : 0;
        _isRestDeclared = true;
        Span = "rest";
        Offset = 0;
        Extra = null;
    }

    /// <summary>Says that emitted code has moved <c>rest</c> itself.</summary>
    public void RestMoved() => Checked = 0;
}

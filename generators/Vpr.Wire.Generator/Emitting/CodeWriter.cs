using System.Text;

namespace Vpr.Wire.Generator.Emitting;

/// <summary>Text with indentation.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;

    public void Line(string line = "")
    {
        if (line.Length > 0)
            _text.Append(' ', _depth * 4).Append(line);
        _text.Append('\n');
    }

    public void Lines(IEnumerable<string> lines)
    {
        foreach (string line in lines)
            Line(line);
    }

    /// <summary>A line that belongs to the one before: a branch without braces, a continued condition.</summary>
    public void Indented(string line) => Line("    " + line);

    public void Open()
    {
        Line("{");
        _depth++;
    }

    public void Close(string suffix = "")
    {
        _depth--;
        Line("}" + suffix);
    }

    public void In() => _depth++;

    public void Out() => _depth--;

    /// <summary>Takes over what another writer holds, at this depth.</summary>
    public void Append(CodeWriter other)
    {
        Lines(other.ToString().TrimEnd('\n').Split('\n'));
    }

    public override string ToString() => _text.ToString();
}

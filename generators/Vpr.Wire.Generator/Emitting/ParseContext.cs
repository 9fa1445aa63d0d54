using Vpr.Wire.Generator.Model;

namespace Vpr.Wire.Generator.Emitting;

/// <summary>What the emitters of one parser share: where it stands, what it has still to check, which names it has used.</summary>
/// <param name="source">The name of the parameter that holds the bytes.</param>
internal sealed class ParseContext(StructModel model, CodeWriter code, string source)
{
    private const string Failure = "return WireReader.Malformed(out value, out consumed);";

    private readonly List<string> _checks = [];
    private readonly HashSet<string> _names = [.. model.Parts.Select(part => part.Local)];
    private readonly HashSet<string> _referenced = References(model);

    public StructModel Model => model;

    public CodeWriter Code => code;

    public string Source => source;

    public Cursor Cursor { get; } = new(code, source, "ReadOnlySpan<byte>");

    /// <summary>Whether emitted code is in a branch whose locals are declared before it.</summary>
    public bool IsConditional { get; set; }

    /// <summary>Whether the last part ran to the end of the source.</summary>
    public bool IsAtEnd { get; set; }

    /// <summary>Whether emitted code has said already how much it takes.</summary>
    public bool IsConsumedSet { get; set; }

    /// <summary>The bytes taken up to where the cursor stands.</summary>
    public string ConsumedSoFar =>
        Cursor.IsInRest ? Expressions.Sum($"{source}.Length - rest.Length", Cursor.Position) : Cursor.Position;

    /// <summary>Whether a part is a constant that nothing else needs: it is compared where it stands and gets no local.</summary>
    public bool IsOnlyCompared(ScalarPart part) =>
        part is { Constant: not null, IsSettable: false } && !IsConditional && !_referenced.Contains(part.Name);

    /// <summary>Keeps comparisons for the next <see cref="FlushChecks"/>, so that one branch serves a run of parts.</summary>
    public void Check(IEnumerable<string> tests) => _checks.AddRange(tests);

    /// <summary>A local as the target of an assignment or an out argument.</summary>
    public string Declare(string type, string local) => IsConditional ? local : $"{type} {local}";

    /// <summary>A name that no local has yet.</summary>
    public string Fresh(string name)
    {
        while (!_names.Add(name))
            name += "2";
        return name;
    }

    /// <summary>Emits the comparisons gathered since the last call; due before a value is relied upon.</summary>
    public void FlushChecks()
    {
        if (_checks.Count > 0)
            Fail(_checks);
        _checks.Clear();
    }

    /// <summary>Emits the branch that returns where any of the tests holds.</summary>
    public void Fail(IReadOnlyList<string> tests)
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
}

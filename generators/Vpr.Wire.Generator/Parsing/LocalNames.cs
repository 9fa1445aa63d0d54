using Microsoft.CodeAnalysis.CSharp;

namespace Vpr.Wire.Generator.Parsing;

/// <summary>Gives each part a local name that collides neither with another's nor with a parser's parameters.</summary>
internal sealed class LocalNames
{
    private readonly HashSet<string> _used = ["source", "body", "value", "consumed", "rest", "type", "start", "destination"];

    public string Take(string property)
    {
        string name = char.ToLowerInvariant(property[0]) + property.Substring(1);
        if (SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || _used.Contains(name))
            name += "Part";
        while (!_used.Add(name))
            name += "2";
        return name;
    }
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Vpr.Wire.Generator.Model;

/// <summary>A diagnostic that can be compared and that holds no syntax.</summary>
internal sealed record DiagnosticInfo(DiagnosticDescriptor Descriptor, LocationInfo? Location, EquatableArray<string> Arguments)
{
    public Diagnostic ToDiagnostic() =>
        Diagnostic.Create(Descriptor, Location?.ToLocation(), Arguments.ToArray<object>());
}

/// <summary>A place in a file.</summary>
internal sealed record LocationInfo(string Path, TextSpan Span, LinePositionSpan Lines)
{
    public Location ToLocation() => Location.Create(Path, Span, Lines);

    public static LocationInfo? From(Location? location) => location?.SourceTree is { } tree
        ? new LocationInfo(tree.FilePath, location.SourceSpan, location.GetLineSpan().Span)
        : null;
}

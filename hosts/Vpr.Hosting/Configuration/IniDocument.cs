using Microsoft.Extensions.Configuration.Ini;

namespace Vpr.Hosting.Configuration;

/// <summary>An INI file as its sections and values, read once, with errors that name file, section and key.</summary>
public sealed class IniDocument
{
    private readonly IDictionary<string, string?> _values;
    private readonly string _source;
    private readonly ExitCode _onError;

    private IniDocument(IDictionary<string, string?> values, string source, ExitCode onError) =>
        (_values, _source, _onError) = (values, source, onError);

    /// <summary>Reads a document.</summary>
    /// <param name="text">The whole file.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <param name="onError">The exit code of a fault in this kind of file.</param>
    /// <exception cref="HostException">The text is not INI.</exception>
    public static IniDocument Parse(string text, string source, ExitCode onError)
    {
        try
        {
            using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text));
            return new IniDocument(IniStreamConfigurationProvider.Read(stream), source, onError);
        }
        catch (FormatException fault)
        {
            throw new HostException(onError, $"{source}: {fault.Message}", fault);
        }
    }

    /// <summary>The names of all sections.</summary>
    public IEnumerable<string> Sections =>
        _values.Keys.Where(key => key.Contains(':')).Select(key => key[..key.IndexOf(':')]).Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>A value, or null when the key is absent or empty.</summary>
    public string? Find(string section, string key) =>
        _values.TryGetValue($"{section}:{key}", out string? value) && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

    /// <summary>A value that must be there.</summary>
    /// <exception cref="HostException">It is not.</exception>
    public string Require(string section, string key) =>
        Find(section, key) ?? throw Fault(section, key, "is missing");

    /// <summary>A value that must parse.</summary>
    /// <param name="section">The section's name.</param>
    /// <param name="key">The key's name.</param>
    /// <param name="parse">Gives false for a text it does not understand.</param>
    /// <param name="expected">What it should have been, as in "is not a port number".</param>
    /// <exception cref="HostException">The value is absent or does not parse.</exception>
    public T Require<T>(string section, string key, TryParse<T> parse, string expected) =>
        parse(Require(section, key), out T value) ? value : throw Fault(section, key, $"is not {expected}");

    /// <summary>A value that must parse where it is given.</summary>
    /// <exception cref="HostException">The value is there and does not parse.</exception>
    public T Find<T>(string section, string key, TryParse<T> parse, string expected, T otherwise) =>
        Find(section, key) is not { } text ? otherwise
        : parse(text, out T value) ? value : throw Fault(section, key, $"is not {expected}");

    /// <summary>A fault at one key of this document.</summary>
    public HostException Fault(string section, string key, string fault) =>
        new(_onError, $"{_source}: [{section}] {key} {fault}.");

    /// <summary>A parser in the framework's manner.</summary>
    public delegate bool TryParse<T>(string text, out T value);
}

namespace Vpr.Server.Http;

/// <summary>The head of a response as it leaves the pipeline: plain values, so that the loop thread can have them without a lock.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Fields">Names and values in order; names in any case.</param>
internal sealed record ResponseStart(int Status, IReadOnlyList<KeyValuePair<string, string>> Fields);

namespace Vpr.Testing;

/// <summary>A simulated run failed; the message holds the seed that repeats it.</summary>
/// <param name="message">What went wrong, with seed and time.</param>
public sealed class SimulationException(string message) : Exception(message);

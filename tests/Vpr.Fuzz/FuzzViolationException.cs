namespace Vpr.Fuzz;

/// <summary>A parser or writer broke a promise.</summary>
internal sealed class FuzzViolationException(string message) : Exception(message)
{
    /// <summary>Throws unless a promise was kept.</summary>
    public static void Require(bool kept, string promise)
    {
        if (!kept)
            throw new FuzzViolationException(promise);
    }
}

using Vpr.Tunnel;

namespace Vpr.Hosting.Configuration;

/// <summary>The queues' names in configuration files.</summary>
public static class QueueDisciplineText
{
    /// <summary>What <see cref="TryParse"/> takes, in words.</summary>
    public const string Expected = "\"fq_codel\" or \"taildrop\"";

    /// <summary>Reads "fq_codel" or "taildrop".</summary>
    public static bool TryParse(string text, out QueueDiscipline discipline)
    {
        QueueDiscipline? found = text.ToLowerInvariant() switch
        {
            "fq_codel" => QueueDiscipline.FqCodel,
            "taildrop" => QueueDiscipline.TailDrop,
            _ => null,
        };
        discipline = found.GetValueOrDefault();
        return found is not null;
    }
}

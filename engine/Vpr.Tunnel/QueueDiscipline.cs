namespace Vpr.Tunnel;

/// <summary>How packets are kept while a tunnel's congestion window is full.</summary>
public enum QueueDiscipline
{
    /// <summary>A queue for each flow and control of its delay; RFC 8290.</summary>
    FqCodel,

    /// <summary>One queue, in which whatever comes when it is full is dropped: what the other is measured against.</summary>
    TailDrop,
}

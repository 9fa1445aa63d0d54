using Vpr.Io;

namespace Vpr.Quic;

/// <summary>The challenges sent on a path, until one comes back or time runs out.</summary>
/// <remarks>RFC 9000 §8.2</remarks>
internal sealed class PathValidation
{
    // Each PATH_CHALLENGE has new data (§8.2.1); an answer to any of the last few is as good.
    private const int MaxOutstanding = 4;

    private readonly ulong[] _outstanding = new ulong[MaxOutstanding];
    private int _count;

    /// <summary>Whether an answer is awaited.</summary>
    public bool IsActive { get; private set; }

    /// <summary>Whether a PATH_CHALLENGE is to be sent now.</summary>
    public bool IsUnsent { get; private set; }

    /// <summary>When the path is given up; <see cref="Instant.Never"/> when no answer is awaited.</summary>
    public Instant Deadline { get; private set; } = Instant.Never;

    /// <summary>Begins.</summary>
    /// <param name="deadline">When to give up: §8.2.4 recommends three probe timeouts.</param>
    public void Start(Instant deadline)
    {
        IsActive = true;
        IsUnsent = true;
        Deadline = deadline;
        _count = 0;
    }

    /// <summary>Remembers the data of a challenge that is sent now.</summary>
    public void OnSent(ulong data)
    {
        _outstanding[_count++ % MaxOutstanding] = data;
        IsUnsent = false;
    }

    /// <summary>A challenge was lost: another is sent while there is time.</summary>
    public void OnLost() => IsUnsent = IsActive;

    /// <summary>Whether <paramref name="data"/> answers a challenge sent here.</summary>
    public bool IsAnswer(ulong data) => IsActive && _outstanding.AsSpan(0, Math.Min(_count, MaxOutstanding)).Contains(data);

    /// <summary>Ends, answered or given up.</summary>
    public void Stop()
    {
        IsActive = false;
        IsUnsent = false;
        Deadline = Instant.Never;
    }
}

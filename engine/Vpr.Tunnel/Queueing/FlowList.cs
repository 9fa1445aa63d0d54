namespace Vpr.Tunnel.Queueing;

/// <summary>Flows in the order of their turns.</summary>
/// <remarks>RFC 8290 §4: "new queues" and "old queues".</remarks>
internal struct FlowList
{
    private int _count;
    private int _last;

    /// <summary>Whose turn it is; undefined when the list is empty.</summary>
    public int First { get; private set; }

    /// <summary>Whether no flow is in it.</summary>
    public readonly bool IsEmpty => _count == 0;

    /// <summary>Puts a flow at the end.</summary>
    public void Append(FlowQueue[] flows, int flow)
    {
        if (_count++ == 0) First = flow;
        else flows[_last].Next = flow;
        _last = flow;
    }

    /// <summary>Takes the first flow out.</summary>
    public void RemoveFirst(FlowQueue[] flows)
    {
        First = flows[First].Next;
        _count--;
    }
}

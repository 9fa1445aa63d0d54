using Vpr.Io;

namespace Vpr.Quic;

/// <summary>Connections by their next deadline, the earliest first: a binary heap that knows where each of them stands.</summary>
internal sealed class TimerHeap
{
    private QuicConnection[] _heap = new QuicConnection[16];
    private int _count;

    /// <summary>The earliest deadline; <see cref="Instant.Never"/> when there is none.</summary>
    public Instant Next => _count == 0 ? Instant.Never : _heap[0].TimerDeadline;

    /// <summary>The connection with the earliest deadline; there must be one.</summary>
    public QuicConnection First => _heap[0];

    /// <summary>Sets a connection's deadline; <see cref="Instant.Never"/> removes it.</summary>
    public void Set(QuicConnection connection, Instant deadline)
    {
        if (deadline == Instant.Never)
        {
            Remove(connection);
            return;
        }

        if (connection.TimerIndex < 0)
        {
            if (_count == _heap.Length) Array.Resize(ref _heap, _count * 2);
            Place(connection, _count++);
        }
        else if (connection.TimerDeadline == deadline)
        {
            return;
        }

        connection.TimerDeadline = deadline;
        Down(Up(connection.TimerIndex));
    }

    /// <summary>Removes a connection; nothing happens when it waits for no deadline.</summary>
    public void Remove(QuicConnection connection)
    {
        int index = connection.TimerIndex;
        if (index < 0) return;
        connection.TimerIndex = -1;
        QuicConnection last = _heap[--_count];
        _heap[_count] = null!;
        if (index == _count) return;
        Place(last, index);
        Down(Up(index));
    }

    private int Up(int index)
    {
        QuicConnection moving = _heap[index];
        while (index > 0)
        {
            int parent = (index - 1) / 2;
            if (_heap[parent].TimerDeadline <= moving.TimerDeadline) break;
            Place(_heap[parent], index);
            index = parent;
        }

        Place(moving, index);
        return index;
    }

    private void Down(int index)
    {
        QuicConnection moving = _heap[index];
        while (true)
        {
            int child = index * 2 + 1;
            if (child >= _count) break;
            if (child + 1 < _count && _heap[child + 1].TimerDeadline < _heap[child].TimerDeadline) child++;
            if (moving.TimerDeadline <= _heap[child].TimerDeadline) break;
            Place(_heap[child], index);
            index = child;
        }

        Place(moving, index);
    }

    private void Place(QuicConnection connection, int index)
    {
        _heap[index] = connection;
        connection.TimerIndex = index;
    }
}

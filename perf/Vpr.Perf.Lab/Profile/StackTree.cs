using System.Globalization;

namespace Vpr.Perf.Lab.Profile;

/// <summary>Samples of stacks, merged from the outermost frame inwards.</summary>
internal sealed class StackTree
{
    private const string Unknown = "[unknown]";

    private readonly Dictionary<string, StackTree> _children = [];

    /// <summary>A tree that begins at a frame.</summary>
    /// <param name="name">The frame's function, or what groups the frames below.</param>
    /// <param name="isKernel">Whether it runs in the kernel.</param>
    public StackTree(string name, bool isKernel) => (Name, IsKernel) = (name, isKernel);

    /// <summary>The function.</summary>
    public string Name { get; }

    /// <summary>Whether it runs in the kernel.</summary>
    public bool IsKernel { get; }

    /// <summary>How many samples have this frame at this place.</summary>
    public long Samples { get; private set; }

    /// <summary>The frames it called, by name.</summary>
    public IEnumerable<StackTree> Children => _children.Values.OrderBy(child => child.Name, StringComparer.Ordinal);

    /// <summary>How many frames the deepest stack has, this one included.</summary>
    public int Depth => 1 + (_children.Count == 0 ? 0 : _children.Values.Max(child => child.Depth));

    /// <summary>Reads what <c>perf script -F comm,pid,ip,sym</c> prints: blocks with a line for the process and one for each frame, innermost first.</summary>
    /// <param name="script">The text.</param>
    /// <param name="nameOf">What to call a process by its pid, or null for its own name.</param>
    public static StackTree Parse(string script, Func<int, string?> nameOf)
    {
        var root = new StackTree("all", isKernel: false);
        string? process = null;
        var frames = new List<(string Name, bool IsKernel)>();
        foreach (string line in script.Split('\n'))
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                if (process is not null) root.Add(process, frames);
                process = null;
                frames.Clear();
            }
            else if (process is null)
            {
                process = ProcessName(line, nameOf);
            }
            else
            {
                frames.Add(ParseFrame(line.Trim()));
            }
        }

        if (process is not null) root.Add(process, frames);
        return root;
    }

    private static string ProcessName(string line, Func<int, string?> nameOf)
    {
        // The name may hold spaces; the pid is the last word.
        string text = line.Trim();
        int space = text.LastIndexOf(' ');
        return space > 0 && int.TryParse(text[(space + 1)..].Split('/')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
            ? nameOf(pid) ?? text[..space].Trim()
            : text;
    }

    private static (string, bool) ParseFrame(string line)
    {
        int space = line.IndexOf(' ', StringComparison.Ordinal);
        string address = space < 0 ? line : line[..space], symbol = space < 0 ? Unknown : line[(space + 1)..].Trim();
        // x86-64 and arm64 keep the upper half of the address space for the kernel.
        bool isKernel = address.Length == 16 && address.StartsWith("ffff", StringComparison.Ordinal);
        return (symbol.Length == 0 ? Unknown : symbol, isKernel);
    }

    private void Add(string process, List<(string Name, bool IsKernel)> frames)
    {
        Samples++;
        StackTree at = Child(process, isKernel: false);
        at.Samples++;
        for (int i = frames.Count - 1; i >= 0; i--)
        {
            at = at.Child(frames[i].Name, frames[i].IsKernel);
            at.Samples++;
        }
    }

    private StackTree Child(string name, bool isKernel)
    {
        if (!_children.TryGetValue(name, out StackTree? child)) _children[name] = child = new StackTree(name, isKernel);
        return child;
    }
}

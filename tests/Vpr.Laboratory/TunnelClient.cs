namespace Vpr.Laboratory;

/// <summary>A client beside the first: its host, its profile, and the tool that brings it up.</summary>
/// <param name="network">Where it is.</param>
/// <param name="host">Its host.</param>
/// <param name="name">Its name in the registry, and its interface's.</param>
public sealed class TunnelClient(LabNetwork network, string host, string name)
{
    /// <summary>Its host.</summary>
    public string Host => host;

    /// <summary>Its name in the registry, and its interface's.</summary>
    public string Name => name;

    /// <summary>Its profile.</summary>
    public string Profile => Path.Combine(network.Directory, name + ".conf");

    /// <summary>Starts it in the foreground and waits until its tunnel is up.</summary>
    public LabProcess Start()
    {
        LabProcess client = network.Start(host, TunnelLab.ClientBinary, "up", "--foreground", Profile);
        client.WaitForOutput("up", TunnelLab.StartLimit);
        return client;
    }

    /// <summary>Runs a program on its host, which has to succeed, and gives its output.</summary>
    public string Check(params string[] command) => network.Check(host, command);
}

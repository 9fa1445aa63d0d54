namespace Vpr.Masque;

/// <summary>What a client asks for.</summary>
/// <remarks>RFC 9484 §3, §4.6, §4.7.2</remarks>
public sealed record ConnectIpRequest
{
    /// <summary>The proxy and its path.</summary>
    public required UriTemplate Template { get; init; }

    /// <summary>The template's variable "target": "*", an address or a prefix.</summary>
    public string Target { get; init; } = "*";

    /// <summary>The template's variable "ipproto": "*" or a number.</summary>
    public string Protocol { get; init; } = "*";

    /// <summary>The addresses that are wanted, 1 to 64; an address from an earlier session is a wish to have it again.</summary>
    public ReadOnlyMemory<IpPrefix> Addresses { get; init; } = new[]
    {
        IpPrefix.Single(IpAddress.Unspecified(IpVersion.V4)), IpPrefix.Single(IpAddress.Unspecified(IpVersion.V6)),
    };

    /// <summary>The user-agent field, or empty for none.</summary>
    public string UserAgent { get; init; } = "";

    /// <summary>Whether plain packets are taken from the server.</summary>
    public bool TakesPlainPackets { get; init; }
}

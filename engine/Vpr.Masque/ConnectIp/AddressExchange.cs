using System.Runtime.InteropServices;
using Vpr.Wire;
using Vpr.Wire.Masque;

namespace Vpr.Masque;

/// <summary>Asking for addresses, and answering: what request IDs mean and which addresses a capsule lists.</summary>
/// <remarks>RFC 9484 §4.7.1, §4.7.2</remarks>
internal sealed class AddressExchange(IAddressSource? source)
{
    /// <summary>How many addresses one end may have, and how many one capsule may ask for.</summary>
    public const int MaxAddresses = 64;

    /// <summary>How many requests a peer may make in the life of a session: their IDs are remembered, since none may come twice.</summary>
    public const int MaxRequests = 256;

    /// <summary>The most bytes that an entry of either capsule takes.</summary>
    public const int MaxEntryLength = VarInt.MaxLength + 1 + 16 + 1;

    private readonly HashSet<ulong> _answered = [];
    private readonly List<IpPrefix> _assignedToPeer = [];
    private ulong _nextRequest = 1;

    /// <summary>The addresses that the peer has from us.</summary>
    public ReadOnlySpan<IpPrefix> AssignedToPeer => CollectionsMarshal.AsSpan(_assignedToPeer);

    /// <summary>Writes the entries of an ADDRESS_REQUEST.</summary>
    /// <param name="wishes">What is wanted; an unspecified address is no wish for a certain one.</param>
    /// <param name="entries">Takes the entries.</param>
    public void Ask(ReadOnlySpan<IpPrefix> wishes, ref WireWriter entries)
    {
        foreach (IpPrefix wish in wishes)
        {
            ulong id = _nextRequest++;
            UInt128 value = wish.Address.Value;
            entries.Write(wish.Version == IpVersion.V4
                ? RequestedAddress.Ipv4(id, (uint)value, (byte)wish.Length) : RequestedAddress.Ipv6(id, value, (byte)wish.Length));
        }
    }

    /// <summary>Reads what the peer assigned: everything it has given us, without the requests it denied.</summary>
    /// <param name="capsule">The capsule.</param>
    /// <param name="assigned">Takes the prefixes.</param>
    /// <returns>False when there are more than anyone needs.</returns>
    public static bool TryReadAssigned(scoped in AddressAssignCapsule capsule, List<IpPrefix> assigned)
    {
        foreach (AssignedAddress entry in capsule.AssignedAddresses)
        {
            IpPrefix prefix = ToPrefix(entry.IpVersion, entry.Ipv4Address, entry.Ipv6Address, entry.IpPrefixLength);

            // §4.7.2: all zeros at full length is the word for "not assigned".
            if (prefix.IsSingle && prefix.Address.IsUnspecified) continue;
            if (assigned.Count == MaxAddresses) return false;
            if (!assigned.Contains(prefix)) assigned.Add(prefix);
        }

        return true;
    }

    /// <summary>Answers a request: an entry for each wish, and behind them what else the peer has.</summary>
    /// <param name="capsule">The request.</param>
    /// <param name="entries">Takes the entries of the ADDRESS_ASSIGN.</param>
    /// <returns>False when an ID comes twice, or there are too many: the stream is aborted.</returns>
    public bool TryAnswer(scoped in AddressRequestCapsule capsule, ref WireWriter entries)
    {
        if (capsule.RequestedAddresses.Count > MaxAddresses) return false;
        int earlier = _assignedToPeer.Count;
        List<IpPrefix> granted = [];
        foreach (RequestedAddress request in capsule.RequestedAddresses)
        {
            if (_answered.Count == MaxRequests || !_answered.Add(request.RequestId)) return false;
            IpPrefix wish = ToPrefix(request.IpVersion, request.Ipv4Address, request.Ipv6Address, request.IpPrefixLength);
            IpPrefix answer = IpPrefix.Single(IpAddress.Unspecified(wish.Version));
            if (source is not null && _assignedToPeer.Count < MaxAddresses && source.TryAssign(wish.Version, wish, out IpPrefix assigned))
            {
                answer = assigned;
                granted.Add(assigned);
                if (!_assignedToPeer.Contains(assigned)) _assignedToPeer.Add(assigned);
            }

            Write(request.RequestId, answer, ref entries);
        }

        for (int i = 0; i < earlier; i++)
            if (!granted.Contains(_assignedToPeer[i])) Write(0, _assignedToPeer[i], ref entries);
        return true;
    }

    /// <summary>Replaces what the peer has from us, without being asked.</summary>
    /// <param name="prefixes">All of it.</param>
    /// <param name="entries">Takes the entries of the ADDRESS_ASSIGN.</param>
    public void Assign(ReadOnlySpan<IpPrefix> prefixes, ref WireWriter entries)
    {
        _assignedToPeer.Clear();
        _assignedToPeer.AddRange(prefixes);
        foreach (IpPrefix prefix in prefixes) Write(0, prefix, ref entries);
    }

    private static void Write(ulong requestId, IpPrefix prefix, ref WireWriter entries)
    {
        UInt128 value = prefix.Address.Value;
        entries.Write(prefix.Version == IpVersion.V4
            ? AssignedAddress.Ipv4(requestId, (uint)value, (byte)prefix.Length) : AssignedAddress.Ipv6(requestId, value, (byte)prefix.Length));
    }

    /// <summary>The prefix of an entry, whose declaration has checked version, length and the bits behind.</summary>
    private static IpPrefix ToPrefix(byte version, uint ipv4, UInt128 ipv6, byte length)
    {
        IpAddress address = version == 4 ? new IpAddress(IpVersion.V4, ipv4) : new IpAddress(IpVersion.V6, ipv6);
        IpPrefix.TryCreate(address, length, out IpPrefix prefix);
        return prefix;
    }
}

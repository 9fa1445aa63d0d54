using System.Runtime.InteropServices;
using Vpr.Http3;
using Vpr.Wire;
using Vpr.Wire.Masque;
using Vpr.Wire.Noise;

namespace Vpr.Masque;

public sealed partial class ConnectIpSession
{
    /// <summary>How many ranges a peer may advertise.</summary>
    private const int MaxRoutes = 1024;

    /// <summary>Takes data of the request stream.</summary>
    /// <param name="data">The next bytes, overwritten where an HTTP Datagram lies in them.</param>
    /// <param name="fin">Whether the stream ends behind them.</param>
    /// <returns>False when the stream is to be aborted with <see cref="Failure"/>.</returns>
    public bool ReceiveStream(Span<byte> data, bool fin)
    {
        while (Failure is null)
        {
            CapsuleStatus status = _reader.Read(ref data, out ulong type, out Span<byte> capsule);
            if (status == CapsuleStatus.NeedMoreData) break;
            if (status == CapsuleStatus.TooLong) Failure = Http3ErrorCode.ExcessiveLoad;
            else if (!TryTake(type, capsule)) Failure ??= Http3ErrorCode.MessageError; // RFC 9297 §3.3
        }

        // RFC 9297 §3.3: a capsule that is cut off makes the message incomplete.
        if (fin && Failure is null && !_reader.IsAtBoundary) Failure = Http3ErrorCode.MessageError;
        IsEnded |= fin && Failure is null;
        return Failure is null;
    }

    private bool TryTake(ulong type, Span<byte> capsule)
    {
        if (type == DatagramCapsule.WireType)
        {
            Capsule.TryParseHeader(capsule, out _, out _, out int header);
            ReceiveDatagram(capsule[header..]);
            return true;
        }

        CapsuleVisitor visitor = new(this);
        return Capsule.Dispatch(capsule, ref visitor, out _) == WireStatus.Done;
    }

    private bool TryTakeAssigned(scoped in AddressAssignCapsule capsule)
    {
        List<IpPrefix> assigned = [];
        if (!AddressExchange.TryReadAssigned(capsule, assigned)) return false;
        _policy.SetAssignedToUs(CollectionsMarshal.AsSpan(assigned));
        _handler.OnAddressesAssigned(this);
        return true;
    }

    private bool TryAnswerRequest(scoped in AddressRequestCapsule capsule)
    {
        // As many entries as were asked for, and behind them as many as the peer may have.
        WireWriter entries = new(stackalloc byte[2 * AddressExchange.MaxAddresses * AddressExchange.MaxEntryLength]);
        if (!_addresses.TryAnswer(capsule, ref entries)) return false;
        SendAssigned(entries.Written);
        return true;
    }

    private bool TryTakeRoutes(scoped in RouteAdvertisementCapsule capsule)
    {
        int count = capsule.IpAddressRanges.Count;
        if (count > MaxRoutes) return false;
        AddressRange[] ranges = new AddressRange[count];
        count = 0;
        foreach (IpAddressRange range in capsule.IpAddressRanges)
        {
            IpVersion version = (IpVersion)range.IpVersion;
            ranges[count++] = new AddressRange(new IpAddress(version, range.Start), new IpAddress(version, range.End), range.IpProtocol);
        }

        if (!RouteTable.TryCreate(ranges, out RouteTable? table)) return false;
        _policy.PeerRoutes = table;
        _handler.OnRoutesAdvertised(this);
        return true;
    }

    private bool TryRegister(scoped in RegisterContextCapsule capsule)
    {
        DatagramContext context = new(capsule.ContextId, capsule.Format, capsule.Epoch);
        if (!_contexts.TryRegister(context)) return false;
        if (_handler.OnContextRegistered(this, context)) _early.Deliver(this, context, _handler);
        else CloseContext(context.Id);
        return true;
    }

    private bool TakeClosed(ulong id)
    {
        if (_contexts.TryClose(id, out DatagramContext context)) _handler.OnContextClosed(this, context);
        return true;
    }

    private bool TakeRekeyInitiate(byte epoch, ReadOnlySpan<byte> message)
    {
        _handler.OnRekeyInitiate(this, epoch, message);
        return true;
    }

    private bool TakeRekeyRespond(byte epoch, ReadOnlySpan<byte> message)
    {
        _handler.OnRekeyRespond(this, epoch, message);
        return true;
    }

    /// <summary>Sorts capsules; false makes the message malformed.</summary>
    private readonly struct CapsuleVisitor(ConnectIpSession session) : ICapsuleVisitor
    {
        // Taken before it comes to this: its payload must be writable.
        public bool Visit(in DatagramCapsule member) => false;

        public bool Visit(in AddressAssignCapsule member) => session.TryTakeAssigned(member);

        public bool Visit(in AddressRequestCapsule member) => session.TryAnswerRequest(member);

        public bool Visit(in RouteAdvertisementCapsule member) => session.TryTakeRoutes(member);

        public bool Visit(in RegisterContextCapsule member) => session.TryRegister(member);

        public bool Visit(in CloseContextCapsule member) => session.TakeClosed(member.ContextId);

        public bool Visit(in RekeyInitiateCapsule member) => session.TakeRekeyInitiate(member.Epoch, member.HandshakeMessage);

        public bool Visit(in RekeyRespondCapsule member) => session.TakeRekeyRespond(member.Epoch, member.HandshakeMessage);

        public bool VisitUnknown(ulong type, ReadOnlySpan<byte> body) => true;
    }
}

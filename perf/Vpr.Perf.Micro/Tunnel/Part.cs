using System.Buffers.Binary;
using System.Security.Cryptography;
using Vpr.Crypto;
using Vpr.Io;
using Vpr.Masque;
using Vpr.Quic;
using Vpr.Quic.Congestion;
using Vpr.Quic.Recovery;
using Vpr.Tunnel;
using Vpr.Wire.Ip;

namespace Vpr.Perf.Micro.Tunnel;

/// <summary>One part of a packet's way, repeatable without the rest.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Run">Does it so many times.</param>
internal sealed record Part(string Name, Action<int> Run)
{
    /// <summary>All parts, with what they work on.</summary>
    internal sealed class Set : IDisposable, ISentFrameOwner
    {
        private const int FrameLength = PacketPath.PacketLength + 3;
        private const int HeaderLength = 11;
        private const int DatagramSize = 1472;
        private const int Connections = 1_000;
        private const int TimeToLiveOffset = 8;
        private const int ChecksumOffset = 10;

        private readonly byte[] _tun;
        private readonly byte[] _packet;
        private readonly byte[] _buffer = new byte[2048];
        private readonly byte[] _sealed = new byte[2048];
        private readonly byte[] _nonce = new byte[Aead.NonceLength];
        private readonly byte[] _mask = new byte[HeaderProtection.MaskLength];
        private readonly Aead _aead = Aead.Create(AeadAlgorithm.Aes128Gcm, RandomNumberGenerator.GetBytes(16));
        private readonly HeaderProtection _headerProtection = HeaderProtection.Create(AeadAlgorithm.Aes128Gcm, RandomNumberGenerator.GetBytes(16));
        private readonly LossRecovery<Cubic> _recovery;
        private readonly AckGenerator _acks = new(TimeSpan.FromMilliseconds(25), 2);
        private readonly ConnectIpSession _client, _server;
        private readonly DatagramRuns _runs = new(4, 2048);
        private readonly TunnelSession _session;
        private Instant _now = new(1_000_000_000);
        private readonly TimerHeap _timers = new();
        private readonly QuicConnection[] _connections;
        private ulong _sent, _received, _moved, _summed;

        public Set(PacketPath plain)
        {
            _tun = plain.Packet.ToArray();
            _packet = plain.Packet.ToArray();
            _session = plain.Pair.Client;
            _client = plain.Pair.ClientStream.Session;
            _server = plain.Pair.ServerSession;
            _recovery = new LossRecovery<Cubic>(_now, isClient: true, DatagramSize, useEcn: true, this);
            _recovery.OnHandshakeConfirmed(_now);
            _connections = plain.Pair.IdleConnections(Connections);
            foreach (QuicConnection connection in _connections) _timers.Set(connection, _now);
            new Random(3).NextBytes(_buffer);
            _aead.Seal(_nonce, _sealed.AsSpan(0, HeaderLength), _sealed.AsSpan(HeaderLength, FrameLength), _sealed.AsSpan(HeaderLength + FrameLength, Aead.TagLength));
            All =
            [
                new("room: measure header, reserve, commit", Room),
                new("copy from the TUN buffer", Copy),
                new("copy with the checksum's sum", CopyAndSum),
                new("checksum verified", Verify),
                new("judge out (parse, routes, hop limit)", JudgeOut),
                new("judge in (parse, routes)", JudgeIn),
                new("AEAD seal", Seal),
                new("AEAD open, with a copy", Open),
                new("header protection mask", Mask),
                new("loss recovery: sent and acknowledged", Recover),
                new("window and pacer asked", Pace),
                new("acknowledgement noted (received)", Acknowledge),
                new($"deadline moved among {Connections} (once a run)", MoveDeadline),
            ];
        }

        /// <summary>All of them.</summary>
        public Part[] All { get; }

        /// <inheritdoc/>
        public void Dispose()
        {
            _aead.Dispose();
            _headerProtection.Dispose();
        }

        void ISentFrameOwner.OnFrameAcknowledged(PacketNumberSpace space, in SentFrame frame)
        {
        }

        void ISentFrameOwner.OnFrameLost(PacketNumberSpace space, in SentFrame frame)
        {
        }

        void ISentFrameOwner.OnPacketAcknowledged(int size)
        {
        }

        void ISentFrameOwner.OnPacketLost(int size)
        {
        }

        void ISentFrameOwner.OnMtuProbeAcknowledged(int size)
        {
        }

        void ISentFrameOwner.OnMtuProbeLost(int size)
        {
        }

        private void Room(int count)
        {
            for (; count > 0; count--)
            {
                int header = _session.MeasureHeader(), trailer = _session.TrailerLength;
                if (!_runs.TryReserve(header + PacketPath.PacketLength + trailer, isExact: true, TunnelSession.AckRoom, out _, out bool continues))
                {
                    _runs.Clear();
                    continue;
                }

                _runs.Commit(continues ? 0 : TunnelSession.AckRoom, header + PacketPath.PacketLength + trailer, EnginePair.ToServer, EcnCodepoint.NotEct);
            }
        }

        private void Copy(int count)
        {
            for (; count > 0; count--) _tun.CopyTo(_buffer.AsSpan(100));
        }

        private void CopyAndSum(int count)
        {
            for (; count > 0; count--) _summed += InternetChecksum.Copy(0, _tun, _buffer.AsSpan(100, _tun.Length));
        }

        private void Verify(int count)
        {
            for (; count > 0; count--) _summed += InternetChecksum.Add(0, _tun);
        }

        private void JudgeOut(int count)
        {
            ushort checksum = BinaryPrimitives.ReadUInt16BigEndian(_tun.AsSpan(ChecksumOffset));
            for (; count > 0; count--)
            {
                _packet[TimeToLiveOffset] = _tun[TimeToLiveOffset];
                BinaryPrimitives.WriteUInt16BigEndian(_packet.AsSpan(ChecksumOffset), checksum);
                if (_client.PrepareOutgoing(_packet, TunnelSession.LargestMtu, out _) != PacketVerdict.Forward) throw new InvalidOperationException("The packet was to pass.");
            }
        }

        private void JudgeIn(int count)
        {
            for (; count > 0; count--)
                if (_server.JudgeIncoming(_tun, out _) != PacketVerdict.Forward) throw new InvalidOperationException("The packet was to pass.");
        }

        private void Seal(int count)
        {
            for (; count > 0; count--)
                _aead.Seal(_nonce, _buffer.AsSpan(0, HeaderLength), _buffer.AsSpan(HeaderLength, FrameLength), _buffer.AsSpan(HeaderLength + FrameLength, Aead.TagLength));
        }

        private void Open(int count)
        {
            for (; count > 0; count--)
            {
                _sealed.AsSpan(0, HeaderLength + FrameLength + Aead.TagLength).CopyTo(_buffer);
                if (!_aead.Open(_nonce, _buffer.AsSpan(0, HeaderLength), _buffer.AsSpan(HeaderLength, FrameLength), _buffer.AsSpan(HeaderLength + FrameLength, Aead.TagLength)))
                    throw new InvalidOperationException("The packet was to open.");
            }
        }

        private void Mask(int count)
        {
            for (; count > 0; count--) _headerProtection.Mask(_sealed.AsSpan(100, HeaderProtection.SampleLength), _mask);
        }

        private void Recover(int count)
        {
            for (int i = 0; i < count; i++)
            {
                _recovery.OnPacketSent(_now, PacketNumberSpace.Application, _sent++, DatagramSize, SentPacketTraits.AckEliciting | SentPacketTraits.InFlight);
                if (_sent % PacketPath.RunLength != 0) continue;
                _now += TimeSpan.FromMicroseconds(200);
                _recovery.BeginAcknowledgement(PacketNumberSpace.Application, _sent - 1);
                _recovery.AcknowledgeRange(_sent - PacketPath.RunLength, _sent - 1);
                _recovery.EndAcknowledgement(_now, TimeSpan.Zero, null);
            }
        }

        private void Pace(int count)
        {
            for (; count > 0; count--)
                if (_recovery.HasWindow) _recovery.PacingDeadline(_now, DatagramSize);
        }

        // A connection that sent or received waits a whole timeout again: from near the front to somewhere behind the middle.
        private void MoveDeadline(int count)
        {
            for (; count > 0; count--)
            {
                _now += TimeSpan.FromMicroseconds(1);
                _timers.Set(_connections[_moved++ * 619 % Connections], _now + TimeSpan.FromMicroseconds(Connections / 2 + (long)(_moved % (Connections / 2))));
            }
        }

        private void Acknowledge(int count)
        {
            for (int i = 0; i < count; i++)
            {
                _acks.OnReceived(_now, _received++, EcnCodepoint.NotEct, isAckEliciting: true);
                if (_received % PacketPath.RunLength == 0) _acks.OnAckSent();
            }
        }
    }
}

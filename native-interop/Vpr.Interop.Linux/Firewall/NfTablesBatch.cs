using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Vpr.Interop.Linux;

/// <summary>One transaction of nf_tables: tables, chains and rules that come to be together or not at all.</summary>
/// <remarks>
/// linux/netfilter/nfnetlink.h, linux/netfilter/nf_tables.h. Numbers in attributes are in network order. A rule is a row of expressions over one register of
/// 16 bytes: load, perhaps mask, compare, and at the end act; a comparison that fails ends the rule.
/// </remarks>
internal ref struct NfTablesBatch
{
    private const int NFNL_MSG_BATCH_BEGIN = 0x10;
    private const int NFNL_MSG_BATCH_END = 0x11;
    private const int NFNL_SUBSYS_NFTABLES = 10;
    private const uint Register = 1;

    private readonly NfTablesFamily _family;
    private readonly string _table;
    private readonly Func<uint> _nextSequence;
    private NetlinkMessageWriter _writer;

    /// <summary>Begins a transaction about one table.</summary>
    /// <param name="buffer">Memory for the whole batch.</param>
    /// <param name="family">The table's family.</param>
    /// <param name="table">The table's name.</param>
    /// <param name="nextSequence">Numbers the messages.</param>
    internal NfTablesBatch(Span<byte> buffer, NfTablesFamily family, string table, Func<uint> nextSequence)
    {
        _family = family;
        _table = table;
        _nextSequence = nextSequence;
        _writer = new NetlinkMessageWriter(buffer);
        Envelope(NFNL_MSG_BATCH_BEGIN);
    }

    /// <summary>How many verdicts the kernel will give: one for each message between the ends.</summary>
    internal readonly int Verdicts => _writer.MessageCount - 2;

    /// <summary>Ends the transaction.</summary>
    /// <returns>What is to be sent.</returns>
    internal ReadOnlySpan<byte> Finish()
    {
        Envelope(NFNL_MSG_BATCH_END);
        return _writer.Written;
    }

    /// <summary>Makes the table; one that exists stays as it is.</summary>
    /// <param name="isOwned">
    /// Whether nobody but the socket that sends this may change it while that is open; afterwards it stays, and whoever comes next may own it (NFT_TABLE_F_OWNER and
    /// NFT_TABLE_F_PERSIST, Linux 6.9).
    /// </param>
    internal void AddTable(bool isOwned)
    {
        const int NFTA_TABLE_NAME = 1, NFTA_TABLE_FLAGS = 2;
        const uint NFT_TABLE_F_OWNER = 2, NFT_TABLE_F_PERSIST = 4;
        Begin(0 /* NFT_MSG_NEWTABLE */, NetlinkFlags.Create);
        _writer.Attribute(NFTA_TABLE_NAME, _table);
        if (isOwned) _writer.AttributeBigEndian(NFTA_TABLE_FLAGS, NFT_TABLE_F_OWNER | NFT_TABLE_F_PERSIST);
        _writer.EndMessage();
    }

    /// <summary>Deletes the table with all that is in it; the transaction fails when it does not exist.</summary>
    internal void DeleteTable() => NameTable(2 /* NFT_MSG_DELTABLE */);

    /// <summary>Deletes the table with all that is in it, if it exists (Linux 6.3).</summary>
    internal void DestroyTable() => NameTable(26 /* NFT_MSG_DESTROYTABLE */);

    private void NameTable(int message)
    {
        const int NFTA_TABLE_NAME = 1;
        Begin(message, NetlinkFlags.None);
        _writer.Attribute(NFTA_TABLE_NAME, _table);
        _writer.EndMessage();
    }

    /// <summary>Makes a chain that packets pass at a hook; what no rule decides is accepted.</summary>
    /// <param name="name">The chain's name.</param>
    /// <param name="type">"filter", "nat" or "route".</param>
    /// <param name="hook">Where packets meet it.</param>
    /// <param name="priority">Its place among the chains of the hook, lowest first.</param>
    internal void AddChain(string name, string type, NfTablesHook hook, int priority)
    {
        const int NFTA_CHAIN_TABLE = 1, NFTA_CHAIN_NAME = 3, NFTA_CHAIN_HOOK = 4, NFTA_CHAIN_POLICY = 5, NFTA_CHAIN_TYPE = 7;
        const int NFTA_HOOK_HOOKNUM = 1, NFTA_HOOK_PRIORITY = 2;
        Begin(3 /* NFT_MSG_NEWCHAIN */, NetlinkFlags.Create);
        _writer.Attribute(NFTA_CHAIN_TABLE, _table);
        _writer.Attribute(NFTA_CHAIN_NAME, name);
        int nest = _writer.BeginNested(NFTA_CHAIN_HOOK);
        _writer.AttributeBigEndian(NFTA_HOOK_HOOKNUM, (uint)hook);
        _writer.AttributeBigEndian(NFTA_HOOK_PRIORITY, unchecked((uint)priority));
        _writer.EndNested(nest);
        _writer.AttributeBigEndian(NFTA_CHAIN_POLICY, (uint)NfTablesVerdict.Accept);
        _writer.Attribute(NFTA_CHAIN_TYPE, type);
        _writer.EndMessage();
    }

    /// <summary>Begins a rule at the end of a chain; expressions follow.</summary>
    /// <returns>What <see cref="EndRule"/> must be given.</returns>
    internal int BeginRule(string chain)
    {
        const int NFTA_RULE_TABLE = 1, NFTA_RULE_CHAIN = 2, NFTA_RULE_EXPRESSIONS = 4;
        Begin(6 /* NFT_MSG_NEWRULE */, NetlinkFlags.Create | NetlinkFlags.Append);
        _writer.Attribute(NFTA_RULE_TABLE, _table);
        _writer.Attribute(NFTA_RULE_CHAIN, chain);
        return _writer.BeginNested(NFTA_RULE_EXPRESSIONS);
    }

    /// <summary>Ends a rule.</summary>
    internal void EndRule(int rule)
    {
        _writer.EndNested(rule);
        _writer.EndMessage();
    }

    /// <summary>Loads something known about the packet.</summary>
    internal void LoadMeta(NfTablesMeta key)
    {
        const int NFTA_META_DREG = 1, NFTA_META_KEY = 2;
        (int element, int data) = BeginExpression("meta");
        _writer.AttributeBigEndian(NFTA_META_DREG, Register);
        _writer.AttributeBigEndian(NFTA_META_KEY, (uint)key);
        EndExpression(element, data);
    }

    /// <summary>Loads bytes of the packet.</summary>
    internal void LoadPayload(NfTablesHeader header, int offset, int length)
    {
        const int NFTA_PAYLOAD_DREG = 1, NFTA_PAYLOAD_BASE = 2, NFTA_PAYLOAD_OFFSET = 3, NFTA_PAYLOAD_LEN = 4;
        (int element, int data) = BeginExpression("payload");
        _writer.AttributeBigEndian(NFTA_PAYLOAD_DREG, Register);
        _writer.AttributeBigEndian(NFTA_PAYLOAD_BASE, (uint)header);
        _writer.AttributeBigEndian(NFTA_PAYLOAD_OFFSET, (uint)offset);
        _writer.AttributeBigEndian(NFTA_PAYLOAD_LEN, (uint)length);
        EndExpression(element, data);
    }

    /// <summary>Loads the state of the packet's connection, one bit a state, in host order.</summary>
    internal void LoadConnectionState()
    {
        const int NFTA_CT_DREG = 1, NFTA_CT_KEY = 2;
        const uint NFT_CT_STATE = 0;
        (int element, int data) = BeginExpression("ct");
        _writer.AttributeBigEndian(NFTA_CT_DREG, Register);
        _writer.AttributeBigEndian(NFTA_CT_KEY, NFT_CT_STATE);
        EndExpression(element, data);
    }

    /// <summary>Loads the largest TCP segment that fits the MTU of the packet's route, 2 bytes in network order.</summary>
    internal void LoadRouteSegmentSize()
    {
        const int NFTA_RT_DREG = 1, NFTA_RT_KEY = 2;
        const uint NFT_RT_TCPMSS = 3;
        (int element, int data) = BeginExpression("rt");
        _writer.AttributeBigEndian(NFTA_RT_DREG, Register);
        _writer.AttributeBigEndian(NFTA_RT_KEY, NFT_RT_TCPMSS);
        EndExpression(element, data);

        const int NFTA_BYTEORDER_SREG = 1, NFTA_BYTEORDER_DREG = 2, NFTA_BYTEORDER_OP = 3, NFTA_BYTEORDER_LEN = 4, NFTA_BYTEORDER_SIZE = 5;
        const uint NFT_BYTEORDER_HTON = 1;
        (element, data) = BeginExpression("byteorder");
        _writer.AttributeBigEndian(NFTA_BYTEORDER_SREG, Register);
        _writer.AttributeBigEndian(NFTA_BYTEORDER_DREG, Register);
        _writer.AttributeBigEndian(NFTA_BYTEORDER_OP, NFT_BYTEORDER_HTON);
        _writer.AttributeBigEndian(NFTA_BYTEORDER_LEN, sizeof(ushort));
        _writer.AttributeBigEndian(NFTA_BYTEORDER_SIZE, sizeof(ushort));
        EndExpression(element, data);
    }

    /// <summary>Keeps only the bits of <paramref name="mask"/>.</summary>
    internal void Mask(scoped ReadOnlySpan<byte> mask)
    {
        const int NFTA_BITWISE_SREG = 1, NFTA_BITWISE_DREG = 2, NFTA_BITWISE_LEN = 3, NFTA_BITWISE_MASK = 4, NFTA_BITWISE_XOR = 5;
        (int element, int data) = BeginExpression("bitwise");
        _writer.AttributeBigEndian(NFTA_BITWISE_SREG, Register);
        _writer.AttributeBigEndian(NFTA_BITWISE_DREG, Register);
        _writer.AttributeBigEndian(NFTA_BITWISE_LEN, (uint)mask.Length);
        Value(NFTA_BITWISE_MASK, mask);
        Span<byte> zero = stackalloc byte[mask.Length];
        zero.Clear();
        Value(NFTA_BITWISE_XOR, zero);
        EndExpression(element, data);
    }

    /// <summary>Ends the rule for packets whose value is not <paramref name="value"/>, or, inverted, is.</summary>
    internal void Compare(scoped ReadOnlySpan<byte> value, bool isInverted = false)
    {
        const int NFTA_CMP_SREG = 1, NFTA_CMP_OP = 2, NFTA_CMP_DATA = 3;
        (int element, int data) = BeginExpression("cmp");
        _writer.AttributeBigEndian(NFTA_CMP_SREG, Register);
        _writer.AttributeBigEndian(NFTA_CMP_OP, isInverted ? 1u : 0u); // NFT_CMP_NEQ, NFT_CMP_EQ
        Value(NFTA_CMP_DATA, value);
        EndExpression(element, data);
    }

    /// <summary>Gives the packet the address of the interface it leaves by as its source.</summary>
    internal void Masquerade()
    {
        (int element, int data) = BeginExpression("masq");
        EndExpression(element, data);
    }

    /// <summary>Writes the loaded 2 bytes into the maximum segment size option of a TCP packet (RFC 9293 §3.7.1); the kernel never raises it.</summary>
    internal void WriteSegmentSize()
    {
        const int NFTA_EXTHDR_TYPE = 2, NFTA_EXTHDR_OFFSET = 3, NFTA_EXTHDR_LEN = 4, NFTA_EXTHDR_OP = 6, NFTA_EXTHDR_SREG = 7;
        const byte MaximumSegmentSizeOption = 2;
        const uint NFT_EXTHDR_OP_TCPOPT = 1;
        (int element, int data) = BeginExpression("exthdr");
        _writer.Attribute(NFTA_EXTHDR_TYPE, MaximumSegmentSizeOption);
        _writer.AttributeBigEndian(NFTA_EXTHDR_OFFSET, 2);
        _writer.AttributeBigEndian(NFTA_EXTHDR_LEN, sizeof(ushort));
        _writer.AttributeBigEndian(NFTA_EXTHDR_OP, NFT_EXTHDR_OP_TCPOPT);
        _writer.AttributeBigEndian(NFTA_EXTHDR_SREG, Register);
        EndExpression(element, data);
    }

    /// <summary>Decides about the packet.</summary>
    internal void Decide(NfTablesVerdict verdict)
    {
        const int NFTA_IMMEDIATE_DREG = 1, NFTA_IMMEDIATE_DATA = 2, NFTA_DATA_VERDICT = 2, NFTA_VERDICT_CODE = 1;
        const uint NFT_REG_VERDICT = 0;
        (int element, int data) = BeginExpression("immediate");
        _writer.AttributeBigEndian(NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
        int value = _writer.BeginNested(NFTA_IMMEDIATE_DATA);
        int code = _writer.BeginNested(NFTA_DATA_VERDICT);
        _writer.AttributeBigEndian(NFTA_VERDICT_CODE, (uint)verdict);
        _writer.EndNested(code);
        _writer.EndNested(value);
        EndExpression(element, data);
    }

    private (int Element, int Data) BeginExpression(string name)
    {
        const int NFTA_LIST_ELEM = 1, NFTA_EXPR_NAME = 1, NFTA_EXPR_DATA = 2;
        int element = _writer.BeginNested(NFTA_LIST_ELEM);
        _writer.Attribute(NFTA_EXPR_NAME, name);
        return (element, _writer.BeginNested(NFTA_EXPR_DATA));
    }

    private readonly void EndExpression(int element, int data)
    {
        _writer.EndNested(data);
        _writer.EndNested(element);
    }

    private void Value(int attribute, scoped ReadOnlySpan<byte> value)
    {
        const int NFTA_DATA_VALUE = 1;
        int nest = _writer.BeginNested(attribute);
        _writer.Attribute(NFTA_DATA_VALUE, value);
        _writer.EndNested(nest);
    }

    private void Begin(int message, NetlinkFlags flags)
    {
        _writer.BeginMessage(NFNL_SUBSYS_NFTABLES << 8 | message, NetlinkFlags.Request | NetlinkFlags.Acknowledge | flags, _nextSequence());
        _writer.Fixed(new NetfilterMessage { Family = (byte)_family });
    }

    private void Envelope(int message)
    {
        _writer.BeginMessage(message, NetlinkFlags.Request, _nextSequence());
        _writer.Fixed(new NetfilterMessage { ResourceId = BinaryPrimitives.ReverseEndianness((ushort)NFNL_SUBSYS_NFTABLES) });
        _writer.EndMessage();
    }

    /// <summary>struct nfgenmsg.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct NetfilterMessage
    {
        internal byte Family;
        internal byte Version;
        internal ushort ResourceId;
    }
}

using System.Buffers.Binary;
using System.Diagnostics;
using Vpr.Io;
using Vpr.Testing;
using static Vpr.Interop.Linux.Tests.Batches;

namespace Vpr.Interop.Linux.Tests;

public sealed class TunDeviceTests
{
    [TunFact("ping")]
    public void A_real_ping_is_read_answered_and_believed() => NetworkNamespace.Run(() =>
    {
        using TunDevice tun = TunDevice.Open(new TunOptions { Name = "vprtest", Mtu = 1400 });
        Tool.Run("ip", "addr add 10.9.0.1/24 dev vprtest");
        Tool.Run("ip", "link set vprtest up");
        using Process ping = Tool.Start("ping", "-n -c 3 -i 0.02 -w 10 -s 1000 10.9.0.2");
        EchoResponder.RunUntilExit(tun, ping);
        EchoResponder.AssertAnswered(ping, 3);
        Assert.Equal(0, tun.DroppedWrites);
    });

    [TunFact]
    public void The_kernel_shows_name_and_mtu_and_takes_the_interface_away() => NetworkNamespace.Run(() =>
    {
        using (TunDevice tun = TunDevice.Open(new TunOptions { Mtu = 1380 }))
        {
            Assert.Equal("vpr0", tun.Name);
            Assert.Equal(1380, tun.Mtu);
            Assert.Equal(1380, Tool.Json("ip", "-j link show vpr0")[0].GetProperty("mtu").GetInt32());
            tun.SetMtu(1280);
            Assert.Equal(1280, Tool.Json("ip", "-j link show vpr0")[0].GetProperty("mtu").GetInt32());
        }

        // Tests beside this one start programs; between fork and exec a child holds our descriptors for a moment.
        Assert.True(SpinWait.SpinUntil(() => Tool.TryRun("ip", "link show vpr0").ExitCode != 0, TimeSpan.FromSeconds(5)));
    });

    [TunFact]
    public void Queues_of_one_interface_are_opened_by_it_alone() => NetworkNamespace.Run(() =>
    {
        using TunDevice first = TunDevice.Open(new TunOptions { Name = "vprq", MultiQueue = true });
        using TunDevice second = first.OpenQueue();
        Assert.Equal(first.Name, second.Name);
        Assert.Equal(LinuxErrorCode.EBUSY, Assert.Throws<LinuxException>(() => TunDevice.Open(new TunOptions { Name = "vprq", MultiQueue = true })).Code);
        using TunDevice single = TunDevice.Open(new TunOptions { Name = "vprs" });
        Assert.Throws<InvalidOperationException>(() => single.OpenQueue());
        LinuxException busy = Assert.Throws<LinuxException>(() => TunDevice.Open(new TunOptions { Name = "vprs" }));
        Assert.Equal(LinuxErrorCode.EBUSY, busy.Code);
        Assert.Contains("vprs", busy.Message, StringComparison.Ordinal);
        Assert.Equal(LinuxErrorCode.EINVAL, Assert.Throws<LinuxException>(() => TunDevice.Open(new TunOptions { Name = "lo" })).Code);
        Assert.Throws<ArgumentException>(() => TunDevice.Open(new TunOptions { Name = "a-name-too-long-for-it" }));
    });

    [TunFact]
    public void What_the_kernel_refuses_is_dropped_and_counted() => NetworkNamespace.Run(() =>
    {
        using TunDevice tun = TunDevice.Open(new TunOptions { Name = "vprdown" });
        PacketBatch packets = Create().Append(new byte[20]).Append([0x45]);
        Assert.Equal(0, tun.Write(packets));
        Assert.Equal(2, tun.DroppedWrites);
        Assert.Equal(0, tun.Read(Create()));
        Assert.Throws<ArgumentException>(() => tun.Read(Create(size: 1499)));
    });

    [TunFact]
    public void A_steady_flow_allocates_nothing() => NetworkNamespace.Run(() =>
    {
        using TunDevice tun = TunDevice.Open(new TunOptions { Name = "vprloop" });
        Tool.Run("ip", "addr add 10.9.0.1/24 dev vprloop");
        Tool.Run("ip", "link set vprloop up");
        PacketBatch request = Create(), reply = Create();
        // An echo request from the other side: the kernel answers each by a packet we read.
        for (int i = 0; i < 8; i++) request.Append(EchoResponder.Request("10.9.0.2", "10.9.0.1", (ushort)i));
        int answered = 0;
        Allocations.AssertNone(() => answered = Exchange(200));
        Assert.True(answered > 0);

        int Exchange(int rounds)
        {
            int got = 0;
            for (int round = 0; round < rounds; round++)
            {
                tun.Write(request);
                reply.Clear();
                got += tun.Read(reply);
            }

            return got;
        }
    });
}

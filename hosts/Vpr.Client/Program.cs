namespace Vpr.Client;

internal static class Program
{
    private static int Main() => 64;
}

using System.Diagnostics;
using System.Globalization;
using Vpr.Fuzz;
using Vpr.Fuzz.Targets;

if (args is ["--list"])
{
    foreach (FuzzTarget known in TargetCatalog.All)
        Console.WriteLine(known.Name);
    return 0;
}

string? name = null;
string? file = null;
long count = 1_000_000;
ulong seed = 1;
for (int i = 0; i < args.Length; i += 2)
{
    bool understood = i + 1 < args.Length && args[i] switch
    {
        "--target" => (name = args[i + 1]) is not null,
        "--input" => (file = args[i + 1]) is not null,
        "--count" => long.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out count),
        "--seed" => ulong.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out seed),
        _ => false,
    };
    if (!understood)
    {
        Console.Error.WriteLine("usage: Vpr.Fuzz [--list] [--target NAME] [--count N] [--seed S] [--input FILE]");
        return 64;
    }
}

FuzzTarget[] targets = [.. TargetCatalog.All.Where(target => name is null || target.Name == name)];
if (targets.Length == 0 || (file is not null && targets.Length > 1))
{
    Console.Error.WriteLine(targets.Length == 0 ? $"No target is named {name}; --list names them." : "--input needs --target.");
    return 64;
}

var run = new FuzzRun();
var watch = Stopwatch.StartNew();
try
{
    if (file is not null)
    {
        run.Show(targets[0], File.ReadAllBytes(file), seed, iteration: -1);
    }
    else
    {
        foreach (FuzzTarget target in targets)
            run.Replay(target);
        run.Explore(targets, count, seed);
    }
}
catch (FuzzFailureException failure)
{
    string path = $"failure-{failure.Target}-{failure.Seed}-{failure.Iteration}.bin";
    File.WriteAllBytes(path, failure.Input);
    Console.Error.WriteLine(failure);
    Console.Error.WriteLine($"The input is in {path}. Again: --target {failure.Target} --input {path}");
    return 1;
}
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"{run.Inputs} inputs over {targets.Length} targets with seed {seed} in {watch.Elapsed.TotalSeconds:F1} s; {run.Readable} could be read; no failure"));
return 0;

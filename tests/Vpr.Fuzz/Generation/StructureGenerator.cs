using System.Collections.Concurrent;
using System.Reflection;

namespace Vpr.Fuzz.Generation;

/// <summary>
/// Makes random encodings of a declared structure by reading its attributes: a second reading of the declarations, independent of the
/// emitted code, so that each can be checked by the other.
/// </summary>
internal sealed class StructureGenerator
{
    private static readonly ConcurrentDictionary<Type, StructureGenerator> Known = new();

    private readonly MemberOfAttribute? _member;
    private readonly WireFamilyAttribute? _family;
    private readonly bool _littleEndian;

    private StructureGenerator(Type type)
    {
        Type = type;
        Parts = DeclaredPart.Of(type);
        var format = type.GetCustomAttribute<WireFormatAttribute>();
        _littleEndian = format?.LittleEndian ?? false;
        HasRule = format?.Valid is not null;
        _member = type.GetCustomAttributes<MemberOfAttribute>().FirstOrDefault();
        _family = _member?.Family.GetCustomAttribute<WireFamilyAttribute>();
        MayFail = HasRule || Parts.Any(part => part.Structure is { } inner && For(inner).MayFail);
        RunsToTheEnd = _family is not { Length: not Prefix.None }
            && Parts.Any(part => part.Rest || part.LengthPrefix?.UnlessRest is not null || (part.Kind == PartKind.Nested && part.LengthPrefix is null && For(part.Structure!).RunsToTheEnd));
    }

    /// <summary>The structure.</summary>
    public Type Type { get; }

    /// <summary>Its parts in the order of the wire.</summary>
    public DeclaredPart[] Parts { get; }

    /// <summary>Whether the structure has a rule between its parts, which random parts may break.</summary>
    public bool HasRule { get; }

    /// <summary>Whether the structure or one within it has such a rule.</summary>
    public bool MayFail { get; }

    /// <summary>Whether the structure may take all that follows it.</summary>
    public bool RunsToTheEnd { get; }

    /// <summary>Whether the structure is the body of an envelope with a length.</summary>
    public bool HasEnvelopeLength => _family is { Length: not Prefix.None };

    /// <summary>The generator of a structure.</summary>
    public static StructureGenerator For(Type type) => Known.GetOrAdd(type, static type => new StructureGenerator(type));

    /// <summary>Appends a random encoding, in shortest forms, envelope included.</summary>
    public void Append(EncodingBuffer output, ref FuzzRandom random, Forced? forced = null)
    {
        var values = new Dictionary<string, UInt128>();
        ulong type = _member?.Type ?? 0;
        foreach (DeclaredPart part in Parts)
        {
            if (part.TypeBit is not { } bit)
                continue;
            bool set = forced?.Part == part.Name ? forced.Value == 1 : NeededFor(part, forced) is { } needed ? needed == 1 : random.OneIn(2);
            values[part.Name] = set ? 1u : 0u;
            type |= set ? bit.Mask : 0;
        }
        switch (_family?.Type)
        {
            case TypeEncoding.VarInt:
                output.AppendVarInt(type);
                break;
            case TypeEncoding.UInt8:
                output.AppendBigEndian(type, 1);
                break;
            case TypeEncoding.UInt16:
                output.AppendBigEndian(type, 2);
                break;
            default:
                break;
        }
        int start = output.Length;
        AppendParts(output, ref random, forced, values);
        if (_family is { Length: not Prefix.None } family)
            output.InsertPrefix(start, family.Length, output.Length - start);
    }

    private void AppendParts(EncodingBuffer output, ref FuzzRandom random, Forced? forced, Dictionary<string, UInt128> values)
    {
        UInt128 bits = 0;
        int bitCount = 0;
        foreach (DeclaredPart part in Parts)
        {
            if (part.TypeBit is not null || (part.When is { } when && values.GetValueOrDefault(when.Part) != AsNumber(when.Is)))
                continue;
            Forced? own = forced?.Part == part.Name ? forced : null;
            if (part.Kind != PartKind.Scalar)
            {
                AppendBytes(part, output, ref random, own, values);
                continue;
            }
            UInt128 value = own?.Value ?? NeededFor(part, forced) ?? Choose(part, ref random);
            values[part.Name] = value;
            if (part.VarInt is not null)
            {
                output.AppendVarInt((ulong)value, own?.VarIntLength ?? 1);
            }
            else if (part.Bits is not null)
            {
                bits = bits << part.Width | value;
                bitCount += part.Width;
                if (bitCount % 8 == 0)
                {
                    output.AppendBigEndian(bits, bitCount / 8);
                    (bits, bitCount) = (0, 0);
                }
            }
            else if (_littleEndian)
            {
                output.AppendLittleEndian(value, part.Width / 8);
            }
            else
            {
                output.AppendBigEndian(value, part.Width / 8);
            }
        }
    }

    // What a part has to be for the forced part to be present.
    private UInt128? NeededFor(DeclaredPart part, Forced? forced) =>
        Parts.FirstOrDefault(other => other.Name == forced?.Part)?.When is { } when && when.Part == part.Name ? AsNumber(when.Is) : null;

    private UInt128 Choose(DeclaredPart part, ref FuzzRandom random)
    {
        if (part.Constant is { } constant)
            return constant.Value;
        if (Parts.Any(other => other.CountFrom?.Part == part.Name))
            return (UInt128)random.Below(5);
        object[] expected = [.. Parts.Where(other => other.When?.Part == part.Name && other.When.Is is not bool).Select(other => other.When!.Is)];
        if (expected.Length > 0 && !random.OneIn(8))
            return AsNumber(expected[random.Below(expected.Length)]);
        UInt128 maximum = part.VarInt is not null ? VarInt.Max : part.Width == 128 ? UInt128.MaxValue : ((UInt128)1 << part.Width) - 1;
        UInt128 low = part.Between?.Minimum ?? 0;
        UInt128 high = part.Between is { } between && between.Maximum < maximum ? between.Maximum : maximum;
        bool isMeasure = Parts.Any(other => other.LengthFrom?.Part == part.Name);
        UInt128 value = random.Below(isMeasure ? 4 : 8) switch
        {
            0 => low,
            1 => high,
            2 => ((UInt128)1 << (6 + 8 * random.Below(8))) - (UInt128)random.Below(2),
            3 or 4 => low + (UInt128)random.Below(16),
            _ => (UInt128)random.Next() << 64 | random.Next(),
        };
        // Back into the range, keeping what already lies in it.
        return value >= low && value <= high ? value : high - low == UInt128.MaxValue ? value : low + value % (high - low + 1);
    }

    private void AppendBytes(DeclaredPart part, EncodingBuffer output, ref FuzzRandom random, Forced? forced, Dictionary<string, UInt128> values)
    {
        int start = output.Length;
        int minimum = part.LengthPrefix?.Min ?? 0;
        if (part.CountFrom is { } count)
        {
            for (UInt128 left = values[count.Part]; left > 0; left--)
                For(part.Structure!).Append(output, ref random);
        }
        else if (part.Kind == PartKind.Nested)
        {
            For(part.Structure!).Append(output, ref random);
        }
        else
        {
            int length = forced?.Length ?? ChooseLength(part, ref random, values);
            if (part.Kind == PartKind.List && forced?.Length is null)
            {
                for (int elements = random.Below(5); elements > 0 || output.Length - start < minimum; elements--)
                    For(part.Structure!).Append(output, ref random);
            }
            else
            {
                if (part.Kind == PartKind.ScalarList)
                    length -= length % (part.Width / 8);
                random.Fill(output.Extend(Math.Max(length, 0)));
            }
        }
        bool prefixed = part.LengthPrefix is { } prefix && (prefix.UnlessRest is null || values[prefix.UnlessRest] == 1);
        if (prefixed)
            output.InsertPrefix(start, part.LengthPrefix!.Prefix, output.Length - start);
    }

    private int ChooseLength(DeclaredPart part, ref FuzzRandom random, Dictionary<string, UInt128> values)
    {
        if (part.Length is { } fixedLength)
            return fixedLength.Bytes;
        if (part.LengthFrom is { } from)
            return LengthFrom(from, (int)values[from.Part]);
        int minimum = part.LengthPrefix?.Min ?? 0;
        int maximum = Math.Min(part.LengthPrefix?.Max ?? int.MaxValue, part.LengthPrefix?.Prefix == Prefix.UInt8 ? 255 : int.MaxValue);
        int length = random.Below(6) switch
        {
            0 => minimum,
            1 => minimum + 1,
            2 when maximum <= 300 => maximum,
            3 => 62 + random.Below(4),
            _ => minimum + random.Below(40),
        };
        return Math.Clamp(length, minimum, maximum);
    }

    private int LengthFrom(LengthFromAttribute from, int value)
    {
        if (from.Map is null)
            return (value + from.Bias) * from.Unit;
        // Reflection does not call methods of ref structs, but makes delegates of them.
        MethodInfo map = Type.GetMethod(from.Map, BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)!;
        return map.CreateDelegate<Func<byte, int>>()((byte)value);
    }

    private static UInt128 AsNumber(object expected) => expected switch
    {
        bool flag => flag ? 1u : 0u,
        Enum member => Convert.ToUInt64(member),
        _ => Convert.ToUInt64(expected),
    };
}

namespace Vpr.Http3;

/// <summary>What a response says, read from a header section that obeys the rules; the section keeps all other fields.</summary>
/// <remarks>RFC 9114 §4.3.2</remarks>
/// <param name="Status">The status code, 100 to 999.</param>
/// <param name="ContentLength">The body's announced length in bytes, or null.</param>
public readonly record struct ResponseHead(int Status, long? ContentLength)
{
    /// <summary>Whether a further response follows on the same request.</summary>
    /// <remarks>RFC 9110 §15.2</remarks>
    public bool IsInformational => Status < 200;

    /// <summary>Whether the request succeeded.</summary>
    /// <remarks>RFC 9110 §15.3</remarks>
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>Reads and judges a response's header section.</summary>
    /// <param name="section">The decoded section.</param>
    /// <param name="head">The response when the result is true.</param>
    /// <returns>False when the response is malformed: a stream error H3_MESSAGE_ERROR; RFC 9114 §4.1.2.</returns>
    public static bool TryRead(FieldSection section, out ResponseHead head)
    {
        ArgumentNullException.ThrowIfNull(section);
        head = default;
        int status = 0;
        for (int i = 0; i < section.Count; i++)
        {
            FieldLine line = section[i];
            if (line.IsPseudoHeader)
            {
                // :status alone, once, and in front: before index 1.
                if (i > 0 || !line.Name.SequenceEqual(FieldNames.Status) || !TryReadStatus(line.Value, out status)) return false;
            }
            else if (!FieldRules.IsRegularLine(line)) return false;
        }

        // RFC 9114 §4.5: HTTP/3 has no 101.
        if (status is 0 or 101 || !FieldRules.TryReadContentLength(section, out long? contentLength)) return false;
        head = new ResponseHead(status, contentLength);
        return true;
    }

    private static bool TryReadStatus(ReadOnlySpan<byte> value, out int status)
    {
        status = 0;
        if (value.Length != 3) return false;
        foreach (byte digit in value)
        {
            if (digit is < (byte)'0' or > (byte)'9') return false;
            status = status * 10 + (digit - '0');
        }

        return status >= 100;
    }
}

namespace AllInOne.Server.Configuration;

/// <summary>Section <c>Http</c>.</summary>
internal sealed class HttpOptions
{
    /// <summary>Largest request body in bytes; a larger one gets 413.</summary>
    public int MaxBodyBytes { get; set; } = 1024 * 1024;

    /// <summary>How long requests in flight may take to end when the web host stops. Live requests are ended at once.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(10);

    public IEnumerable<string> Validate()
    {
        if (MaxBodyBytes < 1024)
        {
            yield return "Http:MaxBodyBytes must be at least 1024";
        }

        if (DrainTimeout < TimeSpan.Zero || DrainTimeout > TimeSpan.FromMinutes(5))
        {
            yield return "Http:DrainTimeout must be from 00:00:00 to 00:05:00";
        }
    }
}

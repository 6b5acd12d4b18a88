using AllInOne.Core;
using AllInOne.Core.Documents;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Options;

namespace AllInOne.Server.Configuration;

/// <summary>All options of the server: the sections of the tree, and those of the process around it. Each property has the name of its key.</summary>
internal sealed class ServerOptions : SystemTreeOptions, IOptionRules
{
    /// <summary>The addresses of the dashboard and the API, separated by semicolons.</summary>
    public string Urls { get; set; } = ListenUrls.Default;

    public AuthOptions Auth { get; init; } = new();

    public HttpOptions Http { get; init; } = new();

    public MemoryOptions Memory { get; init; } = new();

    public NodeOptions Node { get; init; } = new();

    /// <summary>The bytes that one request must be able to hold for its answer: an export, or a state value.</summary>
    public long LargestAnswer => Math.Max(Documents.ExportBytes, State.MaxValueBytes);

    public IEnumerable<string> BrokenRules()
    {
        foreach (var problem in ListenUrls.Problems(Urls))
        {
            yield return problem;
        }

        if (Http.MaxBodyBytesInFlight < Documents.MaxAtomicImportBytes)
        {
            yield return $"Http:MaxBodyBytesInFlight is {Http.MaxBodyBytesInFlight}; "
                + $"it takes {Documents.MaxAtomicImportBytes} (Documents:MaxAtomicImportBytes) or more";
        }

        if (Http.MaxAnswerBytesInFlight < LargestAnswer)
        {
            yield return $"Http:MaxAnswerBytesInFlight is {Http.MaxAnswerBytesInFlight}; it takes {LargestAnswer} or more, the larger of State:MaxValueBytes "
                + $"and of Documents:MaxDocumentBytes with {DocumentsOptions.ExportPageBytes} more";
        }

        // The token of a feed names no user: a feed can change every entity, as a PUT can.
        if (Auth.Mode == AuthMode.None && Feeds.Xml.IsOpen)
        {
            yield return $"Feeds:Xml:Listen is '{Excerpt.Of(Feeds.Xml.Listen)}', which other machines can reach; Auth:Mode=none takes loopback addresses only, "
                + "such as 127.0.0.1:7070";
        }
    }
}

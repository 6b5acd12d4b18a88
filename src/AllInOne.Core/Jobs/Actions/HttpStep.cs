using System.Net;

namespace AllInOne.Core.Jobs.Actions;

/// <summary>One request of an http action: the first, or one to which the answer before it redirects (RFC 9110 §15.4).</summary>
/// <param name="HasBody">False once a redirect has turned the method into GET: then neither the body nor its headers are sent.</param>
internal readonly record struct HttpStep(Uri Url, string Method, bool HasBody)
{
    /// <summary>Scheme, host and port, as an error names it: no user, path or query, which may hold secrets.</summary>
    public string Origin => Url.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);

    /// <summary>The request to which an answer redirects; null where it does not redirect, or to nothing that is a URL.</summary>
    public HttpStep? After(HttpResponseMessage answer)
    {
        if (answer.StatusCode is not (HttpStatusCode.Moved or HttpStatusCode.Found or HttpStatusCode.SeeOther
                or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
            || !answer.Headers.NonValidated.TryGetValues("Location", out var locations)
            || !Uri.TryCreate(Url, locations.ToString(), out var target))
        {
            return null;
        }

        var becomesGet = answer.StatusCode switch
        {
            HttpStatusCode.SeeOther => Method is not ("GET" or "HEAD"),
            HttpStatusCode.Moved or HttpStatusCode.Found => Method == "POST",
            _ => false,
        };
        return becomesGet ? new HttpStep(target, "GET", false) : this with { Url = target };
    }

    public bool IsOfSameOrigin(HttpStep other) => Uri.Compare(Url, other.Url, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;
}

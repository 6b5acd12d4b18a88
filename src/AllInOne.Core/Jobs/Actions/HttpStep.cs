using System.Net;

namespace AllInOne.Core.Jobs.Actions;

/// <summary>One request of an http action: the first one, or the target of a redirect (RFC 9110 §15.4).</summary>
/// <param name="HasBody">False after a redirect has changed the method to GET: then the body and its headers are not sent.</param>
internal readonly record struct HttpStep(Uri Url, string Method, bool HasBody)
{
    /// <summary>Scheme, host and port for error messages, without user, path and query, which may contain secrets.</summary>
    public string Origin => Url.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);

    /// <summary>The next request after a redirect; null if the answer is no redirect, or if its target is no URL.</summary>
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

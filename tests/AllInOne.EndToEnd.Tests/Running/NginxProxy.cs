using System.Diagnostics;
using System.Net.Sockets;
using System.Net.WebSockets;
using AllInOne.TestKit;

namespace AllInOne.EndToEnd.Tests.Running;

/// <summary>
/// Debian's nginx in front of a server, with its defaults: HTTP/1.0, and answers are buffered (<c>proxy_buffering on</c>). <c>/kept</c> is the same
/// server, but nginx ignores its header against buffering; <c>/newer</c> uses HTTP/1.1. It listens on a socket in a separate directory, so that it
/// needs no free port. Its disposal kills it.
/// </summary>
public sealed class NginxProxy : IAsyncDisposable
{
    private readonly TemporaryDirectory _files = new();
    private readonly Process _process;
    private readonly Task<string> _said;

    private NginxProxy(Uri target)
    {
        var configuration = Path.Combine(_files.Path, "nginx.conf");
        File.WriteAllText(configuration, Configuration(_files.Path, target.Authority));
        try
        {
            _process = Process.Start(new ProcessStartInfo(Executable(), ["-p", _files.Path, "-e", "stderr", "-c", configuration]) { RedirectStandardError = true })!;
        }
        catch
        {
            _files.Dispose();
            throw;
        }

        _said = _process.StandardError.ReadToEndAsync();
    }

    private string SocketPath => Path.Combine(_files.Path, "front");

    public static async Task<NginxProxy> StartAsync(Uri target)
    {
        var proxy = new NginxProxy(target);
        try
        {
            using var http = proxy.Client();
            await Eventually.Async(
                async () =>
                {
                    using var answer = await http.GetAsync(new Uri("/healthz", UriKind.Relative));
                    return answer.IsSuccessStatusCode;
                },
                () => proxy._process.HasExited ? $"nginx ended: {proxy._said.Result}" : "nginx does not answer");
            return proxy;
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }
    }

    /// <summary>Creates a client that reaches the server through the proxy. The host of its addresses has no meaning.</summary>
    public HttpClient Client() => new(Handler()) { BaseAddress = new Uri("http://proxy") };

    public async Task<ClientWebSocket> OpenAsync(string path)
    {
        var socket = new ClientWebSocket();
        using var invoker = new HttpMessageInvoker(Handler());
        await socket.ConnectAsync(new Uri($"ws://proxy{path}"), invoker, CancellationToken.None);
        return socket;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _files.Dispose();
    }

    private SocketsHttpHandler Handler() => new()
    {
        ConnectCallback = async (_, cancel) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), cancel);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };

    // Debian installs it in a folder that only the path of root has.
    private static string Executable() =>
        ((string[])[.. Environment.GetEnvironmentVariable("PATH")!.Split(':'), "/usr/sbin"])
            .Select(folder => Path.Combine(folder, "nginx"))
            .FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException("nginx is missing: apt-get install nginx-light (test.sh does so).");

    // One process, so that one kill ends all of it. All its files are in its own directory.
    private static string Configuration(string files, string target) =>
        $$"""
          daemon off;
          master_process off;
          pid {{files}}/pid;
          events { worker_connections 256; }
          http {
            access_log off;
            client_body_temp_path {{files}}/body;
            proxy_temp_path {{files}}/proxy;
            fastcgi_temp_path {{files}}/fastcgi;
            uwsgi_temp_path {{files}}/uwsgi;
            scgi_temp_path {{files}}/scgi;
            server {
              listen unix:{{files}}/front;
              location / { proxy_pass http://{{target}}; }
              location /kept/ { proxy_pass http://{{target}}/; proxy_ignore_headers X-Accel-Buffering; }
              location /newer/ { proxy_pass http://{{target}}/; proxy_http_version 1.1; proxy_set_header Connection ""; }
              location /api/events/ws {
                proxy_pass http://{{target}};
                proxy_http_version 1.1;
                proxy_set_header Connection upgrade;
                proxy_set_header Upgrade $http_upgrade;
              }
            }
          }
          """;
}

using AllInOne.Server.Cli;
using AllInOne.Server.Configuration;
namespace AllInOne.Server.Hosting;
internal static class ServerProcess { public static Task<int> RunAsync(ServerSettings s, bool demo, Terminal t, CancellationToken c) => Task.FromResult(0); }

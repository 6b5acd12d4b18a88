// One process, one supervision tree. The folders:
//   Cli/            the commands; `serve` is the default
//   Configuration/  appsettings.json, environment, command line: checked completely before anything starts
//   Hosting/        the running process: the tree, Kestrel under its actor, signals, exit codes
//   Logging/        the logger: queues, console, file
//   Http/           the middleware of every request: access, problem documents, limits, headers, the dashboard's files
//   Live/           server-sent events and WebSocket
//   Metrics/        figures of the process, and the text of /metrics
//   Endpoints/      the resources of /api: one file each, or a folder if a resource needs several
//   Simulation/     the home of --demo
using AllInOne.Core.Storage;
using AllInOne.Server.Cli;
using AllInOne.Server.Hosting;

// This comes first, because with too few open files nothing below can be loaded.
return FileDescriptors.AreEnough() ? await RunAsync(args) : ExitCodes.WrongStart;

// A separate method, because its assemblies are loaded only when it is called.
static Task<int> RunAsync(string[] args)
{
    OwnerOnly.ForNewFiles();
    return CommandLine.RunAsync(args, Console.Out, Console.Error);
}

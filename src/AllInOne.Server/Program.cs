// One process, one supervision tree. The way in:
//   Cli/            what may be said on the command line; `serve` is the default
//   Configuration/  appsettings.json, environment, command line: checked as a whole before anything starts
//   Hosting/        the running process: the tree, Kestrel under its actor, signals, exit codes
//   Logging/        the logger: queues, console, file
//   Http/           what holds for every request: who may call, problem documents, limits, headers, the dashboard's files
//   Live/           server-sent events and WebSocket
//   Metrics/        figures of the process, and the text of /metrics
//   Endpoints/      the resources of /api: one file each, or a folder where a resource needs several
//   Simulation/     the home of --demo
using AllInOne.Core.Storage;
using AllInOne.Server.Cli;
using AllInOne.Server.Hosting;

// First of all: with too few open files allowed, nothing below can be loaded.
return FileDescriptors.AreEnough() ? await RunAsync(args) : ExitCodes.WrongStart;

// A method of its own is compiled, and loads what it needs, only when it is called.
static Task<int> RunAsync(string[] args)
{
    OwnerOnly.ForNewFiles();
    return CommandLine.RunAsync(args, Console.Out, Console.Error);
}

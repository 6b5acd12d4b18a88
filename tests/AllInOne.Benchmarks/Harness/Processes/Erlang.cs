using System.ComponentModel;
using System.Diagnostics;

namespace AllInOne.Benchmarks.Harness.Processes;

/// <summary>
/// The peer from which the idea comes: Debian's <c>erlang-base</c>. <c>Peers/*.erl</c> are compiled into a temporary directory. The
/// probe <c>actors.memory</c> is <c>actors_memory:main(Arguments)</c>.
/// </summary>
internal sealed class Erlang : IDisposable
{
    private readonly DirectoryInfo _beams;

    private Erlang(string release, DirectoryInfo beams)
    {
        _beams = beams;
        Contender = new Contender($"Erlang/OTP {release}", Start);
    }

    public Contender Contender { get; }

    /// <summary>Null if it is not installed; then a line says so.</summary>
    public static Erlang? Find(TextWriter errors)
    {
        var beams = Directory.CreateTempSubdirectory("allinone-erlang-");
        try
        {
            var release = Run("erl", "-noshell", "-eval", "io:format(\"~s\",[erlang:system_info(otp_release)]),halt().");
            var sources = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Peers"), "*.erl");
            Run("erlc", ["-o", beams.FullName, .. sources]);
            return new Erlang(release, beams);
        }
        catch (Win32Exception)
        {
            errors.WriteLine("Erlang is not installed (apt-get install erlang-base): its column is missing.");
            beams.Delete(recursive: true);
            return null;
        }
    }

    public void Dispose() => _beams.Delete(recursive: true);

    private ProcessStartInfo? Start(string probe, string[] arguments)
    {
        var module = probe.Replace('.', '_');
        return File.Exists(Path.Combine(_beams.FullName, module + ".beam"))
            ? new ProcessStartInfo("erl", ["-noshell", "-noinput", "+P", "2000000", "-pa", _beams.FullName, "-run", module, "main", .. arguments])
            : null;
    }

    private static string Run(string file, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{file} ended with code {process.ExitCode}: {output}");
    }
}

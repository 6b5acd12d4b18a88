using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AllInOne.Actors;

/// <summary>
/// Operations on one thread that .NET does not offer on Linux: read its processor time from another thread, set its priority, and set the
/// processors on which it may run (<c>Thread.Priority</c> has no effect on Linux). On other systems these operations do nothing.
/// </summary>
internal static partial class NativeThread
{
    private const int LowestPriority = 19;
    private const int HighPriority = -10;
    private const int MaskBytes = 128;
    private const ulong ResetOnFork = 1;

    /// <summary>An id that no thread has: the kernel counts up to four million.</summary>
    private const int NoThread = int.MaxValue;

    /// <summary>The processors that the process may use, as a bit mask; empty if it is not known.</summary>
    private static readonly byte[] Allowed = ReadAllowed();

    /// <summary>The one processor that runaway threads share. It is the last allowed one, so that the others stay free.</summary>
    private static readonly byte[]? Corner = CornerOf(Allowed);

    public static int CurrentId => OperatingSystem.IsLinux() ? GetThreadId() : 0;

    /// <summary>Processor time that the thread has used since its start; null if it is not known.</summary>
    public static TimeSpan? CpuTime(int threadId)
    {
        // The id of the clock of one thread, as the kernel builds it: the inverted thread id, the bit for a thread, the kind "scheduler time".
        return OperatingSystem.IsLinux() && threadId > 0 && GetTime((~threadId << 3) | 6, out var time) == 0
            ? new TimeSpan((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / TimeSpan.NanosecondsPerTick))
            : null;
    }

    /// <summary>Sleeps for less than a millisecond, which is the unit of .NET's waits.</summary>
    public static void Nap(TimeSpan time)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = Nanosleep(new TimeSpec { Nanoseconds = Math.Clamp(time.Ticks * TimeSpan.NanosecondsPerTick, 0, 999_999_999) }, 0);
        }
        else
        {
            Thread.Sleep(1);
        }
    }

    /// <summary>Whether the thread runs or is ready to run, and does not wait; null if it is not known.</summary>
    public static bool? IsRunnable(int threadId)
    {
        try
        {
            // "12 (a name) R 1 …": the state is the first word after the name. The name may contain any character.
            var stat = OperatingSystem.IsLinux() && threadId > 0 ? File.ReadAllText($"/proc/self/task/{threadId}/stat") : "";
            var end = stat.LastIndexOf(')');
            return end < 0 || end + 2 >= stat.Length ? null : stat[end + 2] == 'R';
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Confines the thread to the last processor; <see cref="Release"/> undoes this.</summary>
    public static void Confine(int threadId) => SetMask(threadId, Corner);

    /// <summary>Lets the thread run on every processor again.</summary>
    public static void Release(int threadId) => SetMask(threadId, Corner is null ? null : Allowed);

    /// <summary>Gives the thread the lowest priority. Without privileges this cannot be undone.</summary>
    public static void LowerPriority(int threadId)
    {
        if (OperatingSystem.IsLinux() && threadId > 0)
        {
            // The turns are a little longer than the kernel's default, so that every other thread that wakes has a shorter turn and runs
            // first. They are not longer, because after a garbage collection all threads, including these, resume one after another.
            if (!TrySetTurn(threadId, LowestPriority, 3_000_000))
            {
                _ = SetPriority(0, threadId, LowestPriority);
            }
        }
    }

    /// <summary>
    /// Lets this thread preempt other threads as soon as it wakes. It asks the kernel (Linux 6.12 and later) for turns of a tenth of a millisecond,
    /// because short turns run first. If the process may, it also asks for a higher priority. For threads that do little work and must do it
    /// soon. Threads that this thread starts are ordinary threads.
    /// </summary>
    public static void MakePrompt()
    {
        const ulong Turn = 100_000;
        if (OperatingSystem.IsLinux() && !TrySetTurn(0, HighPriority, Turn))
        {
            _ = TrySetTurn(0, GetPriority(0, 0), Turn);
        }
    }

    /// <summary>Compiles and binds all functions that the monitor calls now, and not when a thread first blocks.</summary>
    public static void WarmUp()
    {
        _ = IsRunnable(CurrentId);
        _ = CpuTime(CurrentId);
        Release(CurrentId);
        LowerPriority(NoThread);
    }

    [SupportedOSPlatform("linux")]
    private static bool TrySetTurn(int threadId, int nice, ulong nanoseconds)
    {
        var call = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => 314,
            Architecture.Arm64 => 274,
            _ => 0,
        };
        var attributes = new SchedulingAttributes { Size = 48, Flags = ResetOnFork, Nice = nice, Runtime = nanoseconds };
        return call != 0 && SetAttributes(call, threadId, in attributes, 0) == 0;
    }

    private static void SetMask(int threadId, byte[]? mask)
    {
        if (OperatingSystem.IsLinux() && threadId > 0 && mask is not null)
        {
            _ = SetAffinity(threadId, (nuint)mask.Length, mask);
        }
    }

    private static byte[] ReadAllowed()
    {
        var mask = new byte[MaskBytes];
        return OperatingSystem.IsLinux() && GetAffinity(0, MaskBytes, mask) == 0 ? mask : [];
    }

    private static byte[]? CornerOf(byte[] allowed)
    {
        var processors = Enumerable.Range(0, allowed.Length * 8).Where(bit => (allowed[bit / 8] & (1 << (bit % 8))) != 0).ToArray();
        if (processors.Length < 2)
        {
            return null;
        }

        var corner = new byte[allowed.Length];
        corner[processors[^1] / 8] = (byte)(1 << (processors[^1] % 8));
        return corner;
    }

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "gettid")]
    private static partial int GetThreadId();

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int Nanosleep(in TimeSpec time, nint left);

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int priority);

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "getpriority")]
    private static partial int GetPriority(int which, int who);

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial long SetAttributes(long call, long threadId, in SchedulingAttributes attributes, long flags);

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int threadId, nuint size, [In] byte[] mask);

    [SupportedOSPlatform("linux")]
    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    private static partial int GetAffinity(int threadId, nuint size, [Out] byte[] mask);

    /// <summary>The kernel's sched_attr; the policy is 0, that of ordinary threads.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct SchedulingAttributes
    {
        public uint Size;
        public uint Policy;
        public ulong Flags;
        public int Nice;
        public uint Priority;
        public ulong Runtime;
        public ulong Deadline;
        public ulong Period;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}

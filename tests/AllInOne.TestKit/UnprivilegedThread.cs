using System.Runtime.InteropServices;

namespace AllInOne.TestKit;

/// <summary>
/// Runs code with the rights of an ordinary user, even if the tests run as the superuser. On Linux each thread has its own rights to files.
/// </summary>
public static partial class UnprivilegedThread
{
    private const uint Nobody = 65534;

    /// <param name="code">It must not wait for other threads, which have the rights of the process.</param>
    public static void Run(Action code)
    {
        Exception? failed = null;
        var thread = new Thread(() =>
        {
            if (OperatingSystem.IsLinux())
            {
                // Without the capability to change the user, this call does nothing. Then the thread has no rights to give up.
                _ = SetFileUser(Nobody);
            }

            try
            {
                code();
            }
            catch (Exception failure)
            {
                failed = failure;
            }
        });
        thread.Start();
        thread.Join();
        if (failed is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failed);
        }
    }

    [LibraryImport("libc", EntryPoint = "setfsuid")]
    private static partial int SetFileUser(uint user);
}

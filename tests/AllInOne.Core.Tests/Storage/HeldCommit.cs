using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;

namespace AllInOne.Core.Tests.Storage;

/// <summary>A row that makes the writer wait until the test releases it.</summary>
internal sealed class HeldCommit() : WriteOperation<SqliteSession>(default), IDisposable
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _released = new();

    public Task Begun => _begun.Task.WaitAsync(Until.Limit);

    public void Release() => _released.Set();

    public override void Apply(SqliteSession session)
    {
        _begun.TrySetResult();
        _released.Wait(Until.Limit);
    }

    public void Dispose() => _released.Dispose();
}

using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;

namespace AllInOne.Core.Tests.Storage;

/// <summary>A row that cannot be applied. It keeps the reason of its refusal.</summary>
internal sealed class RefusedRow(Action<SqliteSession> fails, Receipt receipt = default) : WriteOperation<SqliteSession>(receipt)
{
    public RefusedRow(Receipt receipt = default)
        : this(_ => throw new InvalidOperationException("this row is wrong"), receipt)
    {
    }

    public string? Reason { get; private set; }

    public override void Apply(SqliteSession session) => fails(session);

    public override void Refuse(string reason)
    {
        Reason = reason;
        base.Refuse(reason);
    }
}

using Akka.Actor;

namespace AllInOne.Core.Storage.Writing;

/// <summary>
/// Sends the answers of a committed batch: one <see cref="Committed"/> for each target, and one message for each refused operation.
/// </summary>
internal static class Answers
{
    /// <param name="failed">Called when the answer of an operation fails. The other operations still get their answers.</param>
    public static void Tell(BatchOutcome outcome, Action<Exception> failed)
    {
        var refused = outcome.Refused.Count == 0
            ? null
            : outcome.Refused.ToDictionary(refusal => refusal.Operation, refusal => refusal.Reason);
        var tags = new Dictionary<IActorRef, List<long>>();
        foreach (var operation in outcome.Batch)
        {
            var reason = refused?.GetValueOrDefault(operation);
            try
            {
                Tell(operation, reason);
            }
            catch (Exception broken)
            {
                failed(broken);
            }

            if (reason is null && operation.Receipt.To is { } target)
            {
                if (!tags.TryGetValue(target, out var list))
                {
                    tags.Add(target, list = []);
                }

                list.Add(operation.Receipt.Tag);
            }
        }

        foreach (var (target, list) in tags)
        {
            target.Tell(new Committed(list));
        }
    }

    private static void Tell(WriteOperation operation, string? refused)
    {
        if (refused is null)
        {
            operation.Answer();
        }
        else
        {
            operation.Refuse(refused);
        }
    }
}

namespace AllInOne.Core.Storage.Writing;

/// <summary>The answers to a committed batch: one <see cref="Committed"/> per target, and one message for each operation left out.</summary>
internal static class Answers
{
    public static void Tell(BatchOutcome outcome)
    {
        var refused = outcome.Refused.Count == 0
            ? null
            : outcome.Refused.ToDictionary(refusal => refusal.Operation, refusal => refusal.Reason);
        var tags = new Dictionary<IActorRef, List<long>>();
        foreach (var operation in outcome.Batch)
        {
            if (refused is not null && refused.TryGetValue(operation, out var reason))
            {
                operation.Refuse(reason);
                continue;
            }

            operation.Answer();
            if (operation.Receipt.To is { } target)
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
}

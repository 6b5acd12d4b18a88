using Akka.Dispatch;
using Akka.Dispatch.SysMsg;

namespace AllInOne.Actors;

/// <summary>The system messages of a mailbox: a list that is linked through the messages. In a mailbox the latest is first.</summary>
internal static class SystemMessages
{
    public static bool WaitIn(Mailbox mailbox) => Volatile.Read(ref AkkaInternals.SystemQueue(mailbox)) is not (null or NoMessage);

    /// <summary>Takes all messages from the mailbox; the earliest is first in the result.</summary>
    public static SystemMessage? TakeAll(Mailbox mailbox)
    {
        ref var queue = ref AkkaInternals.SystemQueue(mailbox);
        var latest = Volatile.Read(ref queue);
        while (latest is not (null or NoMessage))
        {
            var seen = Interlocked.CompareExchange(ref queue, null, latest);
            if (ReferenceEquals(seen, latest))
            {
                return Reverse(latest);
            }

            latest = seen;
        }

        return null;
    }

    /// <summary>Cuts the first message off its list, and returns the rest.</summary>
    public static SystemMessage? Cut(SystemMessage first)
    {
        ref var next = ref AkkaInternals.Next(first);
        var rest = next;
        next = null;
        return rest;
    }

    /// <summary>Puts a message before a list.</summary>
    public static SystemMessage Before(SystemMessage first, SystemMessage? list)
    {
        AkkaInternals.Next(first) = list;
        return first;
    }

    /// <summary>Joins two lists.</summary>
    public static SystemMessage? Join(SystemMessage? first, SystemMessage? second)
    {
        if (first is null)
        {
            return second;
        }

        var last = first;
        while (AkkaInternals.Next(last) is { } next)
        {
            last = next;
        }

        AkkaInternals.Next(last) = second;
        return first;
    }

    /// <summary>
    /// Whether a list has a message of this kind. Another thread may change the list at the same time, so the answer may be out of date.
    /// </summary>
    public static bool Any(SystemMessage? list, Func<SystemMessage, bool> isWanted)
    {
        for (var each = list; each is not null; each = AkkaInternals.Next(each))
        {
            if (isWanted(each))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The list without the messages of one type.</summary>
    public static SystemMessage? Without(Type? type, SystemMessage? list)
    {
        SystemMessage? kept = null;
        while (list is not null)
        {
            var each = list;
            list = Cut(each);
            kept = each.GetType() == type ? kept : Before(each, kept);
        }

        return kept is null ? null : Reverse(kept);
    }

    private static SystemMessage Reverse(SystemMessage first)
    {
        SystemMessage? reversed = null;
        for (SystemMessage? each = first; each is not null;)
        {
            var next = Cut(each);
            reversed = Before(each, reversed);
            each = next;
        }

        return reversed!;
    }
}

%% spin|block Count Seconds: 10,000 processes with a small job a second and one with a tick every 10 ms, beside processes that
%% never end. A process cannot block a scheduler, so "block" waits for ever. Times are microseconds, timers absolute ones.
-module(actors_fairness).
-export([main/1]).

-define(WORKERS, 10000).
-define(SETTLING_S, 3).
-define(TICK_MS, 10).

main([Kind, CountArgument, SecondsArgument]) ->
    Seconds = list_to_integer(SecondsArgument),
    Jobs = line(2 * ?WORKERS * (?SETTLING_S + Seconds)),
    Ticks = line(2 * 1000 div ?TICK_MS * (?SETTLING_S + Seconds)),
    First = erlang:monotonic_time(millisecond),
    [spawn(fun() -> light(Jobs, First + 1 + 1000 * N div ?WORKERS) end) || N <- lists:seq(1, ?WORKERS)],
    spawn(fun() -> ticker(Ticks, First) end),
    timer:sleep(?SETTLING_S * 1000),
    Begin = erlang:monotonic_time(microsecond),
    Stuck = [spawn(fun() -> stuck(Kind) end) || _ <- lists:seq(1, list_to_integer(CountArgument))],
    timer:sleep(Seconds * 1000),
    [exit(Process, kill) || Process <- Stuck],
    End = Begin + Seconds * 1000000,
    Done = lists:sort([Time || Time <- moments(Jobs), Time >= Begin, Time < End]),
    bench:say("jobs", length(Done) / Seconds),
    bench:say("standstill", bench:ms(longest_gap(Done ++ [End], Begin, 0))),
    Late = lists:sort(lateness(moments(Ticks), First * 1000, Begin, End)),
    bench:say("p50", bench:ms(percentile(Late, 50))),
    bench:say("p99", bench:ms(percentile(Late, 99))),
    bench:say("worst", bench:ms(lists:last(Late))),
    bench:done().

light(Jobs, Due) ->
    erlang:send_after(Due, self(), job, [{abs, true}]),
    receive job -> ok end,
    sum(1000, 0),
    add(Jobs),
    light(Jobs, Due + 1000).

ticker(Ticks, Due) ->
    erlang:send_after(Due, self(), tick, [{abs, true}]),
    receive tick -> ok end,
    add(Ticks),
    ticker(Ticks, Due + ?TICK_MS).

stuck("spin") -> stuck("spin");
stuck("block") -> receive never -> ok end.

sum(0, Sum) -> Sum;
sum(N, Sum) -> sum(N - 1, Sum + N).

%% A line of moments that many processes write to: the first place counts.
line(Room) -> atomics:new(Room + 1, [{signed, true}]).

add(Line) ->
    Now = erlang:monotonic_time(microsecond),
    atomics:put(Line, 1 + atomics:add_get(Line, 1, 1), Now).

moments(Line) -> [atomics:get(Line, 1 + N) || N <- lists:seq(1, atomics:get(Line, 1)), atomics:get(Line, 1 + N) =/= 0].

longest_gap([], _, Longest) -> Longest;
longest_gap([Moment | Rest], Last, Longest) -> longest_gap(Rest, Moment, max(Longest, Moment - Last)).

%% By how much each tick due between two moments came late, those that never came up to the end.
lateness(_, Due, _, End) when Due >= End -> [];
lateness([_ | Rest], Due, Begin, End) when Due < Begin -> lateness(Rest, Due + ?TICK_MS * 1000, Begin, End);
lateness([], Due, Begin, End) when Due < Begin -> lateness([], Due + ?TICK_MS * 1000, Begin, End);
lateness([Told | Rest], Due, Begin, End) -> [min(Told, End) - Due | lateness(Rest, Due + ?TICK_MS * 1000, Begin, End)];
lateness([], Due, Begin, End) -> [End - Due | lateness([], Due + ?TICK_MS * 1000, Begin, End)].

percentile(Sorted, Percent) -> lists:nth(max(1, ceil(length(Sorted) * Percent / 100)), Sorted).

%% What the probes share: readings as the harness reads them ("key value", then "done"), rates, resident memory.
-module(bench).
-export([say/2, done/0, rate/2, resident/0, ms/1]).

-define(WARM_UP_MS, 2000).
-define(TIME_MS, 3000).

say(Key, Value) -> io:format("~s ~w~n", [Key, float(Value)]).

done() -> io:format("done~n").

%% How fast the sum of the first Count atomics grows, per second, after a warm-up.
rate(Atomics, Count) ->
    timer:sleep(?WARM_UP_MS),
    Before = sum(Atomics, Count),
    Start = erlang:monotonic_time(microsecond),
    timer:sleep(?TIME_MS),
    Counted = sum(Atomics, Count) - Before,
    Counted * 1.0e6 / (erlang:monotonic_time(microsecond) - Start).

sum(Atomics, Count) -> lists:sum([atomics:get(Atomics, N) || N <- lists:seq(1, Count)]).

%% The resident set in MB (10^6 bytes).
resident() ->
    {ok, Status} = file:read_file("/proc/self/status"),
    {match, [Kb]} = re:run(Status, "VmRSS:\\s+(\\d+)", [{capture, all_but_first, list}]),
    list_to_integer(Kb) * 1024 / 1.0e6.

ms(Microseconds) -> Microseconds / 1000.

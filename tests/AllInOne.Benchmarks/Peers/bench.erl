%% What the probes share: readings as the harness reads them ("key value", then "done"), rates, resident memory.
-module(bench).
-export([say/2, say_rate/1, done/0, rate/2, times/2, resident/0, ms/1]).

-define(WARM_UP_MS, 2000).
-define(TIME_MS, 3000).

say(Key, Value) -> io:format("~s ~w~n", [Key, float(Value)]).

done() -> io:format("done~n").

say_rate({PerSecond, PerCpuSecond}) ->
    say("rate", PerSecond),
    say("rate-cpu", PerCpuSecond).

times(Factor, {PerSecond, PerCpuSecond}) -> {Factor * PerSecond, Factor * PerCpuSecond}.

%% How fast the sum of the first Count atomics grows after a warm-up: per second, and per second of processor time.
rate(Atomics, Count) ->
    timer:sleep(?WARM_UP_MS),
    Before = sum(Atomics, Count),
    {Cpu, _} = erlang:statistics(runtime),
    Start = erlang:monotonic_time(microsecond),
    timer:sleep(?TIME_MS),
    Counted = sum(Atomics, Count) - Before,
    Time = erlang:monotonic_time(microsecond) - Start,
    {CpuAfter, _} = erlang:statistics(runtime),
    {Counted * 1.0e6 / Time, Counted * 1.0e3 / (CpuAfter - Cpu)}.

sum(Atomics, Count) -> lists:sum([atomics:get(Atomics, N) || N <- lists:seq(1, Count)]).

%% The resident set in MB (10^6 bytes).
resident() ->
    {ok, Status} = file:read_file("/proc/self/status"),
    {match, [Kb]} = re:run(Status, "VmRSS:\\s+(\\d+)", [{capture, all_but_first, list}]),
    list_to_integer(Kb) * 1024 / 1.0e6.

ms(Microseconds) -> Microseconds / 1000.

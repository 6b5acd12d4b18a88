%% Idle processes with a little state, each of which has handled one message. A collection of all of them makes them larger, not
%% smaller, so there is none: both readings are the same.
-module(actors_memory).
-export([main/1]).

main([Argument]) ->
    Count = list_to_integer(Argument),
    exit(start(1000), kill),
    erlang:garbage_collect(),
    timer:sleep(500),
    Before = bench:resident(),
    {Cpu, _} = erlang:statistics(runtime),
    Start = erlang:monotonic_time(microsecond),
    start(Count),
    bench:say("seconds", (erlang:monotonic_time(microsecond) - Start) / 1.0e6),
    {CpuAfter, _} = erlang:statistics(runtime),
    bench:say("cpu", (CpuAfter - Cpu) / 1.0e3),
    After = bench:resident(),
    bench:say("resident", After - Before),
    bench:say("idle", After - Before),
    bench:say("process", After),
    bench:done().

start(Count) ->
    Main = self(),
    Handled = atomics:new(1, []),
    Parent = spawn(fun() ->
        make(Count, fun() -> atomics:add_get(Handled, 1, 1) =:= Count andalso (Main ! all) end),
        receive stop -> ok end
    end),
    receive all -> Parent end.

make(0, _) -> ok;
make(Left, OnHandled) ->
    spawn_link(fun() -> loop(0, 0, OnHandled) end) ! {touch, Left},
    make(Left - 1, OnHandled).

loop(_Id, Handled, OnHandled) ->
    receive
        {touch, Id} ->
            OnHandled(),
            loop(Id, Handled + 1, OnHandled)
    end.

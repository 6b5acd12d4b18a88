%% Pairs of processes, each with one message that goes to and fro.
-module(actors_pingpong).
-export([main/1]).

main([Argument]) ->
    Pairs = list_to_integer(Argument),
    %% Eight words apart: two pairs share no cache line.
    Rounds = atomics:new(Pairs * 8, []),
    [start(Rounds, 1 + 8 * (N - 1)) || N <- lists:seq(1, Pairs)],
    bench:say_rate(bench:times(2, bench:rate(Rounds, Pairs * 8))),
    bench:done().

start(Rounds, At) ->
    Pong = spawn(fun pong/0),
    spawn(fun() ->
        Pong ! {ball, self()},
        ping(Rounds, At, 0)
    end).

ping(Rounds, At, Count) ->
    receive
        {ball, Pong} ->
            Count rem 1024 =:= 0 andalso atomics:put(Rounds, At, Count),
            Pong ! {ball, self()},
            ping(Rounds, At, Count + 1)
    end.

pong() ->
    receive
        {ball, Ping} ->
            Ping ! {ball, self()},
            pong()
    end.

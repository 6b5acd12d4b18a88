%% Two processes flood a third: each may have ten batches of 1,000 messages on their way.
-module(actors_flood).
-export([main/1]).

main([Argument]) ->
    Handled = atomics:new(1, []),
    Consumer = spawn(fun() -> consume(Handled, 0) end),
    [start(Consumer) || _ <- lists:seq(1, list_to_integer(Argument))],
    bench:say_rate(bench:rate(Handled, 1)),
    bench:done().

start(Consumer) ->
    Producer = spawn(fun() -> produce(Consumer) end),
    [Producer ! more || _ <- lists:seq(1, 10)].

produce(Consumer) ->
    receive
        more ->
            send(Consumer, 999),
            Consumer ! {last, self()},
            produce(Consumer)
    end.

send(_, 0) -> ok;
send(Consumer, Left) ->
    Consumer ! item,
    send(Consumer, Left - 1).

consume(Handled, Count) ->
    Count rem 1024 =:= 0 andalso atomics:put(Handled, 1, Count),
    receive
        item -> ok;
        {last, Producer} -> Producer ! more
    end,
    consume(Handled, Count + 1).

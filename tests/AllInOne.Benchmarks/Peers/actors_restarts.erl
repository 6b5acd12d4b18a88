%% A process that crashes at each message, restarted each time: by an OTP supervisor, and by the least that restarts it. An
%% OTP supervisor keeps the time of each restart within its period, so it is made anew for every 1,000.
-module(actors_restarts).
-behaviour(supervisor).
-export([main/1, init/1, start_child/1]).

-define(RESTARTS, 1000).

main(_) ->
    logger:set_primary_config(level, none),
    process_flag(trap_exit, true),
    bench:say_rate(measure(fun supervised/1)),
    {Bare, _} = measure(fun bare/1),
    bench:say("bare", Bare),
    bench:done().

measure(Restart) ->
    Restarted = atomics:new(1, []),
    Loop = spawn_link(fun() ->
        process_flag(trap_exit, true),
        Restart(Restarted)
    end),
    Rate = bench:rate(Restarted, 1),
    exit(Loop, kill),
    Rate.

supervised(Restarted) ->
    {ok, Supervisor} = supervisor:start_link(?MODULE, self()),
    {ok, _} = supervisor:start_child(Supervisor, []),
    crash(?RESTARTS),
    receive {started, _} -> ok end,
    unlink(Supervisor),
    exit(Supervisor, kill),
    atomics:add(Restarted, 1, ?RESTARTS),
    supervised(Restarted).

crash(0) -> ok;
crash(Left) ->
    receive {started, Child} -> Child ! crash end,
    crash(Left - 1).

init(Driver) ->
    Child = #{id => child, start => {?MODULE, start_child, [Driver]}},
    {ok, {#{strategy => simple_one_for_one, intensity => 10 * ?RESTARTS, period => 1}, [Child]}}.

start_child(Driver) ->
    {ok, spawn_link(fun() ->
        Driver ! {started, self()},
        receive crash -> exit(crashed) end
    end)}.

bare(Restarted) ->
    Child = spawn_link(fun() -> receive crash -> exit(crashed) end end),
    Child ! crash,
    receive {'EXIT', Child, crashed} -> ok end,
    atomics:add(Restarted, 1, 1),
    bare(Restarted).

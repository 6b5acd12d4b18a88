#!/usr/bin/env bash
# Follows the events of a running server with nothing but bash, curl and jq, in three ways:
#   examples/live.sh poll   [TOPIC]   the long poll: each answer says where the next question begins
#   examples/live.sh stream [TOPIC]   server-sent events: one answer that lasts; after a loss it goes on from the last id
#   examples/live.sh socket [TOPIC]   WebSocket, over plain http: the frames of RFC 6455 by hand, since not every curl speaks it
# URL is the server's (http://127.0.0.1:5000), TOPIC e.g. 'entities/*' (all without one).
set -euo pipefail

url=${URL:-http://127.0.0.1:5000}
way=${1:-stream}
topic=${2:-*}

poll() {
  local next=now answer
  while true; do
    if ! answer=$(curl -fsS --get "$url/api/events" -d "since=$next" -d timeout=30 --data-urlencode "topic=$topic"); then
      sleep "1.$RANDOM" # spread: not every client at the same moment
      continue
    fi
    if [ "$(jq .reset <<<"$answer")" = true ]; then
      echo "reset: what came before cannot be given; read everything anew" >&2
    fi
    jq -c '.events[]' <<<"$answer"
    next=$(jq .next <<<"$answer")
  done
}

stream() {
  local last='' line retry=3
  while true; do
    while IFS= read -r line; do
      case $line in
        'id: '*) last=${line#id: } ;;
        'retry: '*) printf -v retry '%d.%03d' $((${line#retry: } / 1000)) $((${line#retry: } % 1000)) ;;
        'event: reset') echo "reset: what came before cannot be given; read everything anew" >&2 ;;
        'data: {"reset"'*) ;;
        'data: '*) echo "${line#data: }" ;;
      esac
    done < <(curl -fsSN --get "$url/api/events" -H 'Accept: text/event-stream' ${last:+-H "Last-Event-ID: $last"} \
      --data-urlencode "topic=$topic" || true)
    sleep "$retry"
  done
}

# One frame to the server: OPCODE LENGTH, the payload from the standard input. It is masked, as a client's must be, by a key of zeros.
frame() {
  if [ "$2" -lt 126 ]; then
    printf "\\x$(printf %02x $((0x80 | $1)))\\x$(printf %02x $((0x80 | $2)))\\0\\0\\0\\0"
  else
    printf "\\x$(printf %02x $((0x80 | $1)))\\xfe\\x$(printf %02x $(($2 >> 8)))\\x$(printf %02x $(($2 & 255)))\\0\\0\\0\\0"
  fi
  cat
}

bytes() { head -c "$1" <&3 | od -An -v -tu1 -w"$1"; }

# Until the connection ends; `since` is where to go on.
converse() {
  local host=${url#http://} line subscribe first length more message
  { exec 3<>"/dev/tcp/${host%:*}/${host##*:}"; } 2>/dev/null || return 0
  printf '%s\r\n' 'GET /api/events/ws HTTP/1.1' "Host: $host" 'Connection: Upgrade' 'Upgrade: websocket' \
    'Sec-WebSocket-Version: 13' "Sec-WebSocket-Key: $(head -c 16 /dev/urandom | base64)" '' >&3
  while IFS= read -r line <&3 && [ "$line" != $'\r' ]; do
    case $line in HTTP/*' 101 '*) subscribe=yes ;; HTTP/*) echo "$line" >&2 ;; esac
  done
  [ "${subscribe-}" ] || return 0
  subscribe=$(jq -nc --arg topic "$topic" --argjson since "$since" '{type: "subscribe", id: "sh", topics: [$topic], since: $since}')
  printf %s "$subscribe" | frame 1 "$(printf %s "$subscribe" | wc -c)" >&3
  while read -r first length < <(bytes 2) && [ "${length-}" ]; do
    more=0
    case $length in 126) more=2 ;; 127) more=8 ;; esac
    if [ "$more" != 0 ]; then
      length=0
      for line in $(bytes "$more"); do length=$((length * 256 + line)); done
    fi
    case $((first & 15)) in
      8) return 0 ;;
      9) head -c "$length" <&3 | frame 10 "$length" >&3 ;;
      *)
        message=$(head -c "$length" <&3)
        case $(jq -r .type <<<"$message") in
          event) jq -c .event <<<"$message" ;;
          reset) echo "reset: what came before cannot be given; read everything anew" >&2 ;;
          error) jq -r .problem.detail <<<"$message" >&2 ;;
        esac
        since=$(jq --argjson since "$since" '.event.seq // .next // $since' <<<"$message")
        ;;
    esac
  done
}

socket() {
  since=null
  while true; do
    converse
    exec 3>&-
    sleep "1.$RANDOM"
  done
}

case $way in
  poll | stream | socket) "$way" ;;
  *) sed -n '2,6s/^# //p' "$0" >&2; exit 2 ;;
esac

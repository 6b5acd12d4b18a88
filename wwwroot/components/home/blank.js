// @ts-check
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { getSystem } from "../../api.js";
import { html } from "../../html.js";
import { Command } from "./command.js";
import { Icon } from "../icon.js";

const xml = '<event><sensor id="kitchen_temperature" name="Temperature" area="Kitchen" class="temperature" unit="°C" state="21.5"/></event>';

/** The page without entities: how to create the first one. */
export function Blank() {
  const feed = useSignal("127.0.0.1:7070");
  useEffect(() => {
    const end = new AbortController();
    getSystem(end.signal)
      .then((system) => (feed.value = system.feeds?.[0]?.listen ?? feed.value))
      .catch(() => {}); // the default port is a good guess
    return () => end.abort();
  }, []);
  const [, host, port] = /^(.*):(\d+)$/.exec(feed.value) ?? ["", "127.0.0.1", "7070"];
  return html`
    <div class="blank">
      <${Icon} name="home" size=${44} />
      <h1>No entities yet</h1>
      <p>Whatever is sent to the feed becomes an entity and appears here at once. Send this XML from Bash:</p>
      <${Command} text=${`echo '${xml}' > /dev/tcp/${host}/${port}`} />
      <p>Or start the demo home, with 40 sensors, doors and lights and a score board of 20 matches:</p>
      <${Command} text=${`AllInOne.Server simulate --to ${host}:${port}`} />
    </div>
  `;
}

/** Where the reader is, as it stands in the address: `#/C0GENERAL/1721.0001`. */
export type Route =
  | { view: "channel"; channel: string; thread: string | null }
  | { view: "home" }
  | { view: "features" }
  | { view: "none" };

const id = /^[A-Z0-9]{2,32}$/;
const stamp = /^\d{1,12}(\.\d{1,12})?$/;

/** An address that is not ours is `none`; the page then shows the first channel. */
export function parseRoute(hash: string): Route {
  const [channel = "", thread = "", ...more] = hash.replace(/^#?\/?/, "").split("/");
  if (more.length > 0) return { view: "none" };
  if (channel === "home" && thread === "") return { view: "home" };
  if (channel === "on" && thread === "") return { view: "features" };
  if (!id.test(channel)) return { view: "none" };
  return { view: "channel", channel, thread: stamp.test(thread) ? thread : null };
}

export function formatRoute(route: Route): string {
  switch (route.view) {
    case "channel":
      return `#/${route.channel}${route.thread === null ? "" : `/${route.thread}`}`;
    case "home":
      return "#/home";
    case "features":
      return "#/on";
    case "none":
      return "#/";
  }
}

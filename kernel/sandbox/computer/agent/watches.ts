import { RpcTarget } from "capnweb";
import { randomUUID } from "node:crypto";
import { relative } from "node:path";
import type { WatchApi } from "./api-types.ts";
import type { ChangeLog } from "./change-log.ts";
import { pathText, text } from "./check.ts";
import { AgentError, fileError } from "./errors.ts";
import { Feed, stamp } from "./feed.ts";
import { anyOf, type Matches } from "./glob.ts";
import { agentLimits } from "./limits.ts";
import type { Sessions } from "./sessions.ts";
import { type TreeChange, TreeWatch } from "./watch-tree.ts";

type Asked = Parameters<WatchApi["watch"]>[0];
type AskedSince = Parameters<WatchApi["checkChanges"]>[0];

/** The SDK's own default. */
const excludedByDefault = [".git", "node_modules", ".DS_Store"];
const maxPatterns = 100;

function patterns(value: unknown, name: string): string[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value) || value.length > maxPatterns)
    throw new AgentError("VALIDATION_FAILED", `${name} is a list of at most ${maxPatterns} patterns.`);
  return value.map((one) => text(one, name, 256));
}

/** `watch` of the SDK: what changes below a folder, told as it happens. */
export class Watches extends RpcTarget implements WatchApi {
  readonly #sessions: Sessions;
  readonly #log: ChangeLog;
  readonly #open: Set<TreeWatch>;

  /** @param open those of all connections: they are bounded together */
  constructor(sessions: Sessions, log: ChangeLog, open: Set<TreeWatch>) {
    super();
    this.#sessions = sessions;
    this.#log = log;
    this.#open = open;
  }

  async watch(asked: Asked) {
    const { root, recursive, excluded, included } = this.#read(asked);
    if (this.#open.size >= agentLimits.maxWatches)
      throw new AgentError("RESOURCE_BUSY", `${this.#open.size} folders are watched already.`);
    const wanted = patterns(asked.events, "events");
    const feed = new Feed();
    const stop = (last: object) => feed.close({ ...last, timestamp: stamp() });
    const tell = ({ kind, path, isDirectory }: TreeChange) => {
      if (wanted?.includes(kind) === false || !included(relative(root, path))) return;
      const sent = feed.send({ type: "event", eventType: kind, path, isDirectory, timestamp: stamp() });
      // One event less would be a lie for as long as the box lives: rather none at all.
      if (!sent && !feed.ended.aborted)
        stop({ type: "error", error: "overflow: events were lost, list the folder anew" });
    };
    const tree = new TreeWatch({
      root,
      recursive,
      excluded,
      onChange: (changes) => changes.forEach(tell),
      onEnd: (reason) => stop({ type: "stopped", reason }),
    });
    this.#open.add(tree);
    feed.ended.addEventListener("abort", () => {
      tree.close();
      this.#open.delete(tree);
    });
    try {
      await tree.open();
    } catch (thrown) {
      feed.close();
      throw fileError(thrown, root, "watch");
    }
    feed.send({ type: "watching", path: root, watchId: randomUUID() });
    return feed.stream;
  }

  async checkChanges(asked: AskedSince) {
    const { root, recursive, excluded, included } = this.#read(asked);
    const since = asked.since === undefined ? undefined : text(asked.since, "since", 256);
    const key = JSON.stringify([root, recursive, asked.include ?? [], asked.exclude ?? []]);
    try {
      const answer = await this.#log.ask(key, since, async (changed, ended) => {
        const onChange = (changes: TreeChange[]) => {
          if (changes.some(({ path }) => included(relative(root, path)))) changed();
        };
        const tree = new TreeWatch({ root, recursive, excluded, onChange, onEnd: ended });
        await tree.open();
        return tree;
      });
      return { success: true as const, ...answer, timestamp: stamp() };
    } catch (thrown) {
      throw fileError(thrown, root, "watch");
    }
  }

  #read(asked: Asked): { root: string; recursive: boolean; excluded: Matches; included: Matches } {
    const root = this.#sessions.resolve(asked.sessionId ?? "", pathText(asked.path));
    const include = patterns(asked.include, "include");
    const exclude = patterns(asked.exclude, "exclude") ?? excludedByDefault;
    const recursive = asked.recursive !== false;
    return { root, recursive, excluded: anyOf(exclude), included: include ? anyOf(include) : () => true };
  }
}

import type { Tools } from "./launch.ts";
import { programPath } from "./paths.ts";

/** The programs a jail is started with, or the names of those that are missing. */
export function findTools(isRoot: boolean): { tools: Tools; missing: [] } | { tools: null; missing: string[] } {
  const names = ["bwrap", "bash", "prlimit", "find", ...(isRoot ? ["unshare", "setpriv", "mount"] : [])];
  const missing = names.filter((name) => programPath(name) === null);
  if (missing.length > 0) return { tools: null, missing };
  const path = (name: string) => programPath(name) ?? name;
  const tools = { bwrap: path("bwrap"), bash: path("bash"), unshare: path("unshare"), setpriv: path("setpriv") };
  return { tools: { ...tools, mount: path("mount") }, missing: [] };
}

import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const root = join(import.meta.dirname, "../..");
const buildWithinMs = 120_000;

/** A Worker as it would be uploaded. */
export interface Bundle {
  folder: string;
  /** The main module first, then the text and data modules it imports; names are relative to `folder`. */
  modules: string[];
  /** Of the scripts and the data beside them, as they are and as they go over the wire. */
  minifiedBytes: number;
  gzipBytes: number;
  remove(): void;
}

const isModule = (name: string): boolean => /\.(?:js|sql|bin)$/.test(name);

function bundleIn(folder: string): Bundle {
  const scripts = readdirSync(folder)
    .filter((name) => /\.(?:js|bin)$/.test(name))
    .map((name) => readFileSync(join(folder, name)));
  const others = readdirSync(folder).filter((name) => isModule(name) && name !== "worker.js");
  return {
    folder,
    modules: ["worker.js", ...others],
    minifiedBytes: scripts.reduce((sum, script) => sum + script.byteLength, 0),
    gzipBytes: scripts.reduce((sum, script) => sum + gzipSync(script).byteLength, 0),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Our Worker, built as `wrangler deploy` builds it. Nothing is uploaded. */
export async function ourBundle(): Promise<Bundle> {
  const folder = mkdtempSync(join(tmpdir(), "deckhand-bundle-"));
  const args = ["deploy", "--dry-run", "--minify", "--containers-rollout", "none", "--outdir", folder];
  const env = { ...process.env, CI: "1", WRANGLER_SEND_METRICS: "false" };
  const child = spawn(process.execPath, [join(root, "node_modules/wrangler/bin/wrangler.js"), ...args], {
    cwd: root,
    env,
    timeout: buildWithinMs,
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((done) => child.once("exit", done));
  if (code === 0) return bundleIn(folder);
  rmSync(folder, { recursive: true, force: true });
  throw new Error(`the Worker could not be built:\n${said}`);
}

/** The least a Worker can be: what the runtime itself needs. */
export function emptyBundle(): Bundle {
  const folder = mkdtempSync(join(tmpdir(), "deckhand-empty-"));
  writeFileSync(join(folder, "worker.js"), 'export default{fetch(){return new Response("here")}};\n');
  return bundleIn(folder);
}

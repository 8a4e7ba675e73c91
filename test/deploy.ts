import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/** A dry run of `wrangler deploy`: the bundle is made, the configuration is checked, and it stays under its size. */
const maxGzipBytes = 2 * 1024 * 1024;
const root = new URL("..", import.meta.url).pathname;
const out = mkdtempSync(join(tmpdir(), "deckhand-deploy-"));
try {
  const args = ["deploy", "--dry-run", "--minify", "--outdir", out, "--containers-rollout", "none"];
  const ran = spawnSync(join(root, "node_modules/.bin/wrangler"), args, {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, CI: "1" },
  });
  if (ran.status !== 0) throw new Error(`wrangler deploy --dry-run failed:\n${ran.stdout}${ran.stderr}`);
  const bundle = readdirSync(out).filter((name) => /\.(?:js|bin)$/.test(name));
  const bytes = bundle.reduce((sum, name) => sum + gzipSync(readFileSync(join(out, name))).byteLength, 0);
  process.stdout.write(`The Worker is ${(bytes / 1024).toFixed(0)} KB gzip.\n`);
  if (bundle.length === 0 || bytes > maxGzipBytes)
    throw new Error(`The Worker must be under ${maxGzipBytes / 1024} KB gzip.`);
} catch (thrown) {
  process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
  process.exitCode = 1;
} finally {
  rmSync(out, { recursive: true, force: true });
}

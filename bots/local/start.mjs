// The first thing `npm start` and `npm test` run, on whatever Node the machine has (20 or newer), with nothing installed
// yet: plain JavaScript without a dependency. It installs what the lock file says when that is not in place, then hands
// over to the real program on the Node that came with the install.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const stampFile = `${root}node_modules/.deckhand-lock`;
const [script, ...args] = process.argv.slice(2);

if (Number(process.versions.node.split(".")[0]) < 20) {
  process.stderr.write(`Deckhand needs Node 20 or newer; this is ${process.versions.node}.\n`);
  process.exit(1);
}

const lock = createHash("sha256")
  .update(readFileSync(`${root}package-lock.json`))
  .digest("hex");
const installed = existsSync(stampFile) && readFileSync(stampFile, "utf8") === lock;
if (!installed) {
  process.stdout.write("Installing what Deckhand needs (once) …\n");
  const npm = process.env["npm_execpath"];
  const flags = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const code = await run(npm ? process.execPath : "npm", npm ? [npm, ...flags] : flags);
  if (code !== 0) {
    process.stderr.write("The install failed. Check the network and run the command again.\n");
    process.exit(code);
  }
  writeFileSync(stampFile, lock);
}

const own = `${root}node_modules/.bin/node`;
process.exit(
  await run(existsSync(own) ? own : process.execPath, [
    "--disable-warning=ExperimentalWarning",
    `${root}${script}`,
    ...args,
  ]),
);

/** Runs a program in this terminal, passes signals on, and gives its exit code. */
function run(command, argv) {
  return new Promise((done) => {
    const child = spawn(command, argv, { stdio: "inherit", cwd: root });
    const pass = (signal) => child.kill(signal);
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    for (const signal of signals) process.on(signal, pass);
    child.once("error", (error) => {
      process.stderr.write(`${command}: ${error.message}\n`);
      done(1);
    });
    child.once("exit", (code, signal) => {
      for (const one of signals) process.off(one, pass);
      done(code ?? (signal === "SIGINT" || signal === "SIGTERM" ? 0 : 1));
    });
  });
}

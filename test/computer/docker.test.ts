import { spawnSync } from "node:child_process";
import { describe } from "vitest";
import { computerContract } from "./box.contract.ts";
import { startDocker } from "./start.ts";

const wanted = process.env["DOCKER"] === "1";
if (!wanted) process.stderr.write("\n  DOCKER=1 IS NOT SET: THE CONTRACT IS NOT RUN OVER DOCKER.\n\n");
else if (spawnSync("docker", ["info"], { stdio: "ignore" }).status !== 0)
  throw new Error("DOCKER=1, and no Docker engine answers (docker info)");

describe.skipIf(!wanted)("with DOCKER=1", () => {
  computerContract("a computer in Docker", startDocker, { kind: "docker", machine: true });
});

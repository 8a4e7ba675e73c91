import { type JailProbe, probeJail } from "../../kernel/sandbox/computer/host/probe.ts";

/**
 * What this machine can do for a jail, for tests: where it can do nothing they are skipped with a loud line, and fail
 * where REQUIRE_JAIL=1 says that it must. Null: skip.
 */
export async function jailForTests(env: Record<string, string | undefined> = process.env): Promise<JailProbe | null> {
  const probe = await probeJail();
  if (probe.ok) return probe;
  if (env["REQUIRE_JAIL"] === "1") throw new Error(probe.reason);
  const bar = "!".repeat(probe.reason.length + 4);
  process.stderr.write(`\n${bar}\n  ${probe.reason}\n  THE TESTS OF THE JAIL ARE SKIPPED.\n${bar}\n\n`);
  return null;
}

import { describe, expect, test } from "vitest";
import { chooseComputer, type Probes } from "./choose.ts";

const programs = {
  inotifywait: true,
  Xvfb: true,
  xdotool: true,
  scrot: true,
  chromium: true,
  python3: true,
  git: true,
};
const jail = { ok: true, reason: "", holds: { version: 1 as const, memory: true, tasks: true, cpu: true }, programs };
const noJail = { ...jail, ok: false, reason: "A jail needs bwrap." };
const docker = { ok: true as const };
const noDocker = { ok: false as const, reason: "No Docker engine answers." };
const all: Probes = { jail, docker };
const none: Probes = { jail: noJail, docker: noDocker };

describe("what is under the computer", () => {
  test.each([
    [undefined, all, "docker"],
    ["", { jail, docker: noDocker }, "jail"],
    [undefined, { jail: noJail, docker }, "docker"],
    [undefined, none, "simulated"],
    ["jail", all, "jail"],
    ["docker", all, "docker"],
    ["simulated", all, "simulated"],
  ] as const)("COMPUTER=%s", (wanted, probes, kind) => {
    const choice = chooseComputer(wanted, probes);
    expect(choice.kind).toBe(kind);
    expect(choice).toHaveProperty("reason", expect.stringMatching(/\w/));
  });

  test.each([
    ["jail", none, /A jail needs bwrap.*leave COMPUTER empty/],
    ["docker", none, /Start Docker/],
    ["container", all, /when deployed/],
    ["vm", all, /must be docker, jail or simulated/],
  ] as const)("COMPUTER=%s that cannot be had is an error that says what to do", (wanted, probes, sentence) => {
    expect(chooseComputer(wanted, probes)).toEqual({ kind: null, error: expect.stringMatching(sentence) });
  });

  test("the reason of a jail says which limits hold and what is missing", () => {
    const bare = { version: null, memory: false, tasks: false, cpu: false };
    const choice = chooseComputer("jail", {
      jail: { ...jail, holds: bare, programs: { ...programs, scrot: false } },
      docker,
    });
    expect(choice).toHaveProperty(
      "reason",
      expect.stringMatching(/memory is not limited.*rlimit.*not installed here: scrot/),
    );
    expect(chooseComputer(undefined, none)).toHaveProperty("reason", expect.stringContaining("A jail needs bwrap."));
  });
});

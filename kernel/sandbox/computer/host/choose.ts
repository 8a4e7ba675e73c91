import type { ComputerKind } from "../types.ts";
import { limitsSaid } from "./limits-said.ts";
import type { JailProbe } from "./probe.ts";

export type DockerProbe = { ok: true } | { ok: false; reason: string };

export interface Probes {
  jail: Pick<JailProbe, "ok" | "reason" | "holds" | "programs">;
  docker: DockerProbe;
}

export type Choice = { kind: ComputerKind; reason: string; error: null } | { kind: null; error: string };

const chosen = (kind: ComputerKind, reason: string): Choice => ({ kind, reason, error: null });
const refused = (error: string): Choice => ({ kind: null, error });

/** What a person hears of a jail: what it is, which limits hold, which programs it has to do without. */
function jailReason({ holds, programs }: Probes["jail"], why: string): string {
  const missing = Object.entries(programs).flatMap(([name, there]) => (there ? [] : [name]));
  const without = missing.length === 0 ? "" : `; not installed here: ${missing.join(", ")}`;
  return `${why}: bubblewrap on this machine; ${limitsSaid(holds)}${without}`;
}

/**
 * What is under the computer when `npm start` runs. COMPUTER says it; else the strongest wall that can be had. Pure:
 * what the machine can do is passed in.
 */
export function chooseComputer(wanted: string | undefined, { jail, docker }: Probes): Choice {
  switch (wanted) {
    case "container":
      return refused(
        "COMPUTER=container is Cloudflare's own container: it is there when deployed. Here choose docker, jail or simulated, or leave COMPUTER empty.",
      );
    case "docker":
      return docker.ok
        ? chosen("docker", "COMPUTER=docker")
        : refused(`COMPUTER=docker cannot be had: ${docker.reason} Start Docker, or leave COMPUTER empty.`);
    case "jail":
      return jail.ok
        ? chosen("jail", jailReason(jail, "COMPUTER=jail"))
        : refused(`COMPUTER=jail cannot be had: ${jail.reason} Mend that, or leave COMPUTER empty.`);
    case "simulated":
      return chosen("simulated", "COMPUTER=simulated");
    case undefined:
    case "":
      break;
    default:
      return refused(`COMPUTER must be docker, jail or simulated, or empty; it is ${JSON.stringify(wanted)}.`);
  }
  if (docker.ok) return chosen("docker", "a Docker engine answers here");
  if (jail.ok) return chosen("jail", jailReason(jail, "no Docker engine answers"));
  return chosen("simulated", `no Docker engine answers, and no jail can be had. ${jail.reason}`);
}

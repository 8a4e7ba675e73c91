import { request } from "node:http";
import type { DockerProbe } from "./choose.ts";

const answerMs = 500;

/** Asks a Docker engine whether it is there. Only a local one: `DOCKER_HOST` counts when it is a socket's path. */
export function probeDocker(dockerHost: string | undefined): Promise<DockerProbe> {
  const socketPath = dockerHost?.startsWith("unix://") ? dockerHost.slice("unix://".length) : "/var/run/docker.sock";
  const not: DockerProbe = { ok: false, reason: `No Docker engine answers at ${socketPath}.` };
  return new Promise((done) => {
    const asked = request({ socketPath, path: "/_ping", timeout: answerMs }, (response) => {
      response.resume();
      done(response.statusCode === 200 ? { ok: true } : not);
    });
    asked.once("timeout", () => asked.destroy());
    asked.once("error", () => done(not));
    asked.end();
  });
}

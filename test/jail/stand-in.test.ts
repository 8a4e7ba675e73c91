import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { containerStandIn } from "../../kernel/sandbox/computer/stand-in.ts";
import { JailHost } from "./jail-host.ts";
import { jailForTests } from "./jail.ts";

const jail = await jailForTests();

describe.skipIf(jail === null)("the stand-in for a container, over a real host", () => {
  let host: JailHost;
  const standIn = (id: string) => containerStandIn({ url: host.url, token: host.token, id });
  const ping = (container: ReturnType<typeof standIn>) => container.getTcpPort(3000).fetch("http://localhost/api/ping");

  beforeAll(async () => {
    host = await JailHost.start({ disableUserns: jail?.disableUserns ?? false });
  });
  afterAll(() => host?.close());

  test("C6 it starts at once, and the first request waits until somebody is there", async () => {
    const container = standIn("first");
    expect(container.running).toBe(false);
    await expect(ping(container)).rejects.toThrow("the container is not listening");
    container.start({ enableInternet: false, env: { FROM: "the Worker" } });
    expect(container.running).toBe(true);
    expect(() => container.start({ enableInternet: false })).toThrow(/already running/);
    expect(await (await ping(container)).json()).toMatchObject({ success: true });
    await expect(container.getTcpPort(8080).fetch("http://localhost/")).rejects.toThrow(
      "the container is not listening",
    );
  });

  test("C6 another object finds it running, and hears when it ends", async () => {
    const container = standIn("first");
    await container.seed();
    expect(container.running).toBe(true);
    const ended = container.monitor();
    container.signal(15);
    await ended;
    expect(container.running).toBe(false);
    expect((await container.state()).state).toBe("asleep");
    const late = standIn("first");
    await late.seed();
    expect(late.running).toBe(false);
  });

  test("C9 its list of hosts is replaced, and kept while it sleeps", async () => {
    const container = standIn("first");
    await container.allow(["API.example.com"]);
    container.start({ enableInternet: false });
    await ping(container);
    expect((await container.state()).allowed).toEqual(["api.example.com"]);
    await expect(container.interceptOutboundHttp("a.example", container.getTcpPort(1))).rejects.toThrow(
      /allowed hosts/,
    );
  });

  test("C6 destroyed it is gone; the monitor ends in order", async () => {
    const container = standIn("first");
    await container.seed();
    const ended = container.monitor();
    await container.destroy();
    await ended;
    expect(container.running).toBe(false);
    expect((await container.state()).state).toBe("none");
  });

  test("a start that fails says why, to whoever waits", async () => {
    const container = containerStandIn({ url: host.url, token: "wrong", id: "first" });
    container.start({ enableInternet: false });
    await expect(container.monitor()).rejects.toThrow(/answered 404/);
    expect(container.running).toBe(false);
  });

  test("when the host is gone, so is the box", async () => {
    const container = standIn("lost");
    container.start({ enableInternet: false });
    await ping(container);
    const ended = container.monitor();
    process.kill(host.pid, "SIGKILL");
    await expect(ended).rejects.toThrow();
    expect(container.running).toBe(false);
  });
});

import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canary, JailHost, plantCanaries, type TestBox } from "./jail-host.ts";
import { jailForTests } from "./jail.ts";

const jail = await jailForTests();

describe.skipIf(jail === null)("what a box sees of the machine it is on", () => {
  let host: JailHost;
  let box: TestBox;
  let other: TestBox;
  let owner: ReturnType<typeof plantCanaries>;
  let loopback: Server;
  let loopbackPort: number;
  let asked = 0;

  beforeAll(async () => {
    owner = plantCanaries();
    loopback = createServer((_request, response) => {
      asked += 1;
      response.end(canary);
    });
    await new Promise<void>((done) => loopback.listen(0, "127.0.0.1", done));
    loopbackPort = (loopback.address() as AddressInfo).port;
    // The host is started by something careless: its owner's folder is open in it, and not closed on exec.
    const through = ["/bin/bash", "-c", 'exec 9<"$0" 77<"$0/.env"; exec "$@"', owner.home];
    host = await JailHost.start({ disableUserns: jail?.disableUserns ?? false, env: owner.env, through });
    [box, other] = [await host.box("one"), await host.box("two")];
    await other.sh(`echo ${canary} > /workspace/mine; echo ${canary} > /r2/mine; (sleep 600; : other-box-process) &`);
  });
  afterAll(async () => {
    await host?.close();
    loopback?.close();
    owner?.remove();
  });

  test("D2 it is somebody without any right, in a world of its own", async () => {
    const { stdout } = await box.sh(
      "id -u; id -G; grep -E '^(Cap(Prm|Eff|Bnd|Amb)|NoNewPrivs|Seccomp):' /proc/self/status",
    );
    expect(stdout.split("\n").map((line) => line.replace(/\s+/g, " "))).toEqual([
      "1000",
      "1000",
      "CapPrm: 0000000000000000",
      "CapEff: 0000000000000000",
      "CapBnd: 0000000000000000",
      "CapAmb: 0000000000000000",
      "NoNewPrivs: 1",
      "Seccomp: 2",
      "",
    ]);
  });

  test("D2 the host's files are not there", async () => {
    for (const path of [
      owner.home,
      `${owner.home}/.env`,
      "/root",
      "/home/*/.ssh",
      "/etc/shadow",
      host.folder,
      import.meta.dirname,
      "/var/run/docker.sock",
      "/sys/kernel",
      "/boot",
      "/proc/1/root/root",
      "/proc/1/cwd/root",
    ])
      expect((await box.sh(`ls -d ${path}`)).exitCode, path).not.toBe(0);
    expect((await box.sh("ls /")).stdout.split(/\s+/).filter((name) => !name.startsWith("lib"))).toEqual([
      "bin",
      "dev",
      "etc",
      "home",
      "opt",
      "proc",
      "r2",
      "run",
      "sbin",
      "tmp",
      "usr",
      "var",
      "workspace",
      "",
    ]);
  });

  test("D2 the host's environment is not there, also not of the first process", async () => {
    const { text } = await box.sh("env; cat /proc/1/environ /proc/self/environ /proc/*/environ 2>&1 | tr '\\0' '\\n'");
    expect(text).not.toContain(canary);
    expect(text).not.toContain("SLACK_BOT_TOKEN");
    expect((await box.sh("tr '\\0' '\\n' </proc/1/environ | grep -vE '^(PWD|SHLVL|_|OLDPWD)='")).stdout).toBe("");
  });

  test("D2 nothing of the host is open in it: no file, no folder to climb out of", async () => {
    const { stdout } = await box.sh(
      "ls -l /proc/1/fd /proc/2/fd /proc/self/fd 2>/dev/null | grep -oE '[^ ]+$' | sort -u",
    );
    const open = stdout
      .split("\n")
      .filter(
        (target) =>
          target.startsWith("/") && !/^\/(?:proc|dev|run\/deckhand|tmp|r2|workspace|home\/box)(?:\/|$)/.test(target),
      );
    expect(open.filter((target) => !target.endsWith(":"))).toEqual([]);
    expect((await box.sh("ls /proc/self/fd/9/ /proc/2/fd/9/; cat /proc/self/fd/77 /proc/2/fd/77")).stdout).toBe("");
  });

  test("D2 the canary is nowhere: not in a process, not in a file that can be read", async () => {
    const { stdout } = await box.sh(
      `needle=$(printf '%s' '${canary.split("").toReversed().join("")}' | rev); echo "$needle" > /tmp/control
grep -rlsa --devices=skip -- "$needle" /proc/*/environ /proc/*/maps /etc /home /run /tmp /workspace /r2 /opt/deckhand/agent.mjs /dev/shm /var 2>/dev/null
env | grep -c -- "$needle"; rm /tmp/control`,
      { timeoutMs: 60_000 },
    );
    // What was put there to be found is, and nothing else.
    expect(stdout).toBe("/tmp/control\n0\n");
  });

  test("D2 the token of the host and the names of other boxes are nowhere", async () => {
    const reversed = host.token.split("").toReversed().join("");
    const { stdout } = await box.sh(
      `needle=$(printf '%s' '${reversed}' | rev); grep -rlsa --devices=skip -- "$needle" /proc/*/environ /etc /home /run /tmp /workspace /r2 /opt/deckhand/agent.mjs /var; tr '\\0' ' ' </proc/1/cmdline; ls /run/deckhand`,
    );
    expect(stdout).not.toContain(host.token);
    expect(stdout).not.toContain(host.folder);
    expect(stdout).not.toMatch(/two/);
  });

  test("D2 the host's loopback is another one", async () => {
    const before = asked;
    const { text } = await box.sh(
      `for at in 127.0.0.1 localhost 0.0.0.0 '[::1]' '[::ffff:127.0.0.1]'; do curl -sS --noproxy '*' -m 3 http://$at:${loopbackPort}/; done; curl -sS -m 5 http://127.0.0.1:${loopbackPort}/`,
    );
    expect(text).not.toContain(canary);
    expect(asked).toBe(before);
  });

  test.each(["127.0.0.1", "169.254.169.254", "10.0.0.1", "[::1]", "localhost", "metadata.google.internal"])(
    "D2 %s is not reached through the proxy either",
    async (name) => {
      const before = asked;
      const { text } = await box.sh(
        `curl -sS -m 5 --noproxy '' -x http://127.0.0.1:3128 http://${name}:80/; curl -sS -m 5 --noproxy '' -x http://127.0.0.1:3128 https://${name}/; curl -sS -m 5 --noproxy '' -x http://127.0.0.1:3128 http://${name}:${loopbackPort}/`,
      );
      expect(text).not.toContain(canary);
      expect(text).toMatch(/403|cannot be reached|closed|not a host name/);
      expect(asked).toBe(before);
    },
  );

  test("D2 no route, no name server", async () => {
    const { stdout } = await box.python(`
import socket
for what in [("1.1.1.1", 443), ("169.254.169.254", 80), ("10.0.0.1", 22), ("8.8.8.8", 53)]:
    s = socket.socket(); s.settimeout(3)
    try: s.connect(what); print("reached", what)
    except OSError as e: print("no")
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
try: u.sendto(b"x", ("8.8.8.8", 53)); print("sent")
except OSError: print("no")
try: print(socket.getaddrinfo("example.com", 443))
except OSError: print("no")
`);
    expect(stdout).toBe("no\n".repeat(6));
  });

  test("D2 no raw socket, no packet socket, no netfilter, no way to the hypervisor", async () => {
    const { stdout } = await box.python(`
import socket
for args in [(2, 3, 1), (2, 3, 255), (10, 3, 58), (17, 3, 768), (17, 2, 0), (16, 3, 12), (16, 3, 9), (40, 1, 0), (38, 5, 0), (2, 10, 0)]:
    try: socket.socket(*args); print("made", args)
    except OSError as e: print("no")
`);
    expect(stdout).toBe("no\n".repeat(10));
  });

  test("D2 another box: neither its files nor its processes", async () => {
    expect((await box.sh("cat /workspace/mine /r2/mine")).stdout).toBe("");
    expect((await box.sh("cat /proc/*/cmdline | tr '\\0' ' '")).stdout).not.toContain("sleep 600");
    expect((await box.sh("ls /run/deckhand")).stdout.trim().split("\n").sort()).toEqual([
      "control.sock",
      "egress.sock",
      "ports.sock",
    ]);
  });

  test("D2 processes outside cannot be named, let alone ended", async () => {
    const pids = [host.pid, process.pid];
    const { stdout } = await box.sh(
      `for pid in ${pids.join(" ")}; do kill -0 $pid 2>/dev/null && echo $pid; done; ls /proc | grep -cE '^[0-9]+$'`,
    );
    const seen = stdout.trim().split("\n").map(Number);
    expect(seen).toHaveLength(1);
    expect(seen[0]).toBeLessThan(20);
    const ended = box.ended();
    await box.sh("kill -9 -1", { session: "killer" }).catch(() => undefined);
    await ended;
    // What it can end is itself.
    expect((await other.sh("echo here")).stdout).toBe("here\n");
    process.kill(host.pid, 0);
    await box.start();
    expect((await box.sh("echo again")).stdout).toBe("again\n");
  });

  test("D2 setuid programs give nothing", async () => {
    const { text } = await box.sh(
      "for p in su sudo mount umount passwd newgrp chfn pkexec; do command -v $p >/dev/null && (timeout 3 $p -c id </dev/null 2>&1 || timeout 3 $p --help </dev/null >/dev/null 2>&1); done; cp /usr/bin/id /workspace/id; chmod 4755 /workspace/id; chown 0 /workspace/id 2>&1; /workspace/id -u; grep -c nosuid /proc/mounts; grep -vc nosuid /proc/mounts",
    );
    expect(text).not.toMatch(/uid=0|euid=0/);
    expect(text).toMatch(/1000\n\d+\n0\n$/);
  });

  test("D2 no mounting, and no new namespace to mount in", async () => {
    for (const command of [
      "mount -t tmpfs none /tmp",
      "mount --bind / /workspace",
      "umount /usr",
      "mount -o remount,rw /usr",
      "unshare -U true",
      "unshare -Urm true",
      "unshare -n true",
      "unshare -p -f true",
      "nsenter -t 1 -m true",
      "chroot / true",
      "bwrap --ro-bind / / true",
      "pivot_root / /tmp",
    ])
      expect((await box.sh(command)).exitCode, command).not.toBe(0);
  });

  test("D2 calls of the kernel that lead out are refused", async () => {
    const { stdout } = await box.python(`
import ctypes, os, platform
libc = ctypes.CDLL(None, use_errno=True)
x = platform.machine() == "x86_64"
calls = {"ptrace": (101, 117), "process_vm_readv": (310, 270), "mount": (165, 40), "umount2": (166, 39), "setns": (308, 268), "keyctl": (250, 219), "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425), "kexec_load": (246, 104), "init_module": (175, 105), "open_by_handle_at": (304, 265), "unshare": (272, 97), "clone3": (435, 435), "fsopen": (430, 430), "open_tree": (428, 428), "syslog": (103, 116)}
for name, (a, b) in calls.items():
    flags = 0x10000000 if name == "unshare" else 0
    r = libc.syscall(a if x else b, flags, 0, 0, 0, 0, 0)
    e = ctypes.get_errno()
    if not (r == -1 and e in (1, 38)): print("open:", name, r, e)
r = libc.syscall(56 if x else 220, 0x10000011, 0, 0, 0, 0)
if r == 0: os._exit(0)
print("clone", r)
`);
    expect(stdout).toBe("clone -1\n");
  });

  test("D2 /proc and /sys take nothing", async () => {
    for (const path of [
      "/proc/sysrq-trigger",
      "/proc/sys/kernel/core_pattern",
      "/proc/sys/kernel/hostname",
      "/proc/sys/vm/drop_caches",
      "/proc/sys/net/ipv4/ip_forward",
      "/sys/kernel/uevent_helper",
      "/proc/1/mem",
    ])
      expect((await box.sh(`echo 1 > ${path}`)).exitCode, path).not.toBe(0);
    expect(
      (await box.sh("cat /proc/kallsyms /proc/kcore /proc/keys /proc/kmsg /proc/cmdline /proc/timer_list | wc -c"))
        .stdout,
    ).toBe("0\n");
    expect(
      (
        await box.sh(
          "touch /x; touch /etc/x; touch /usr/x; touch /dev/x; touch /opt/deckhand/x; echo > /opt/deckhand/agent.mjs; rm -f /opt/deckhand/node; ls /x /etc/x /usr/x /dev/x /opt/deckhand/x",
        )
      ).stdout,
    ).toBe("");
    expect((await box.sh("mknod /workspace/sda b 8 0; mknod /workspace/mem c 1 1")).exitCode).not.toBe(0);
  });

  test("D2 a link that leads out of /r2 leads nowhere, inside and for the host", async () => {
    const target = join(owner.home, ".env");
    await box.sh(
      `ln -s ${target} /r2/file; ln -s ${owner.home} /r2/folder; ln -s ../../../../../../..${target} /r2/up; ln -s / /r2/root`,
    );
    expect(
      (await box.sh(`cat /r2/file /r2/folder/.env /r2/up /r2/root${target} /r2/../../../..${target}`)).stdout,
    ).toBe("");
    const state = await box.state();
    expect(state.figures.diskBytes).toBeLessThan(10 * 1024 * 1024);
    // To destroy a box removes its links, and nothing behind them.
    const third = await host.box("third");
    await third.sh(
      `ln -s ${owner.home} /r2/folder; ln -s ${target} /workspace/file; mkdir /workspace/shut; touch /workspace/shut/x; chmod 000 /workspace/shut`,
    );
    await third.destroy();
    expect(readFileSync(target, "utf8")).toContain(canary);
    expect(existsSync(join(host.folder, "boxes/third"))).toBe(false);
  });

  test("D2 a socket of the host behind a link is not connected to in the box's name", async () => {
    const path = join(owner.home, "secret.sock");
    let connected = 0;
    const secret = createServer(() => (connected += 1));
    secret.on("connection", () => (connected += 1));
    await new Promise<void>((done) => secret.listen(path, done));
    await box.sh(`cd /run/deckhand && mv ports.sock was.sock && ln -s ${path} ports.sock`);
    const answer = await host.raw("GET", "/boxes/one/ports/8080/", {
      headers: { "x-deckhand-host-token": host.token },
    });
    expect(answer.status).toBe(502);
    expect(connected).toBe(0);
    secret.close();
    await box.sleep();
    await box.start();
    expect((await box.sh("ls /run/deckhand")).stdout).not.toContain("was.sock");
  });

  test("D2 a box that answers for its host is not believed to be it, and never hears the token", async () => {
    await box.sh(`cat > /workspace/echo.mjs <<'END'
import { createServer } from "node:http";
createServer((q, r) => { r.setHeader("x-deckhand-host", "1"); r.statusCode = 502; r.end(JSON.stringify(q.rawHeaders)); }).listen(8123, "127.0.0.1");
END
(setsid node /workspace/echo.mjs >/dev/null 2>&1 &) ; for i in $(seq 200); do curl -s --noproxy '*' -o /dev/null http://127.0.0.1:8123/ && break; sleep 0.05; done`);
    const answer = await host.raw("GET", "/boxes/one/ports/8123/", {
      headers: { "x-deckhand-host-token": host.token, authorization: "Bearer mine" },
    });
    expect(answer.status).toBe(502);
    expect(answer.headers["x-deckhand-host"]).toBeUndefined();
    expect(answer.text).toContain("Bearer mine");
    expect(answer.text).not.toContain(host.token);
    expect(answer.text).not.toContain("deckhand-host");
  });
});

import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { JailHost, type TestBox } from "./jail-host.ts";
import { jailForTests } from "./jail.ts";

const jail = await jailForTests();

/* From a program in a jail to a server of the internet, which is a server of this test behind public addresses. */
describe.skipIf(jail === null)("the network of a box", () => {
  const names: Record<string, string> = {
    "api.example.com": "93.184.216.34",
    "files.example.org": "2606:4700::1111",
    "metadata.example.com": "169.254.169.254",
    "inside.example.com": "127.0.0.1",
  };
  const looked: string[] = [];
  const dialled: string[] = [];
  let server: Server;
  let host: JailHost;
  let box: TestBox;

  beforeAll(async () => {
    server = createServer((asked, answer) => {
      let sent = "";
      asked.on("data", (part: Buffer) => (sent += part.toString()));
      asked.on("end", () => answer.end(`${asked.method} ${asked.headers.host}${asked.url} ${sent}`.trim()));
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    const io = {
      resolve: (name: string) => {
        looked.push(name);
        return Promise.resolve(names[name] === undefined ? [] : [names[name]]);
      },
      connect: (address: string, to: number) => {
        dialled.push(`${address}:${to}`);
        return connect(port, "127.0.0.1");
      },
    };
    host = await JailHost.here({ disableUserns: jail?.disableUserns ?? false, io });
    box = await host.box("one");
  });
  afterAll(async () => {
    await host?.close();
    server?.close();
    server?.closeAllConnections();
  });
  const allow = (hosts: string[]) => host.control("PUT", "/boxes/one/egress", { hosts });

  test("C8 is closed until a host is allowed: the refusal names it, and no name was looked up", async () => {
    const { stdout } = await box.sh("curl -s -w '%{http_code}' http://api.example.com/");
    expect(stdout).toContain("api.example.com is not on this computer's list of allowed hosts");
    expect(stdout).toMatch(/403$/);
    expect((await box.sh("curl -sS --proxytunnel http://api.example.com:80/")).stderr).toContain("403");
    expect(looked).toEqual([]);
  });

  test("C8 an allowed host is reached, by the variables that programs read and through a tunnel; others are not", async () => {
    await allow(["api.example.com", "*.example.org"]);
    expect((await box.sh("curl -s --data two http://api.example.com/a?b=1")).stdout).toBe(
      "POST api.example.com/a?b=1 two",
    );
    expect((await box.sh("curl -s --proxytunnel http://files.example.org:443/c")).stdout).toBe(
      "GET files.example.org:443/c",
    );
    const { stdout } = await box.python(
      "import urllib.request; print(urllib.request.urlopen('http://api.example.com/py').read().decode())",
    );
    expect(stdout).toBe("GET api.example.com/py\n");
    expect(dialled).toEqual(["93.184.216.34:80", "2606:4700::1111:443", "93.184.216.34:80"]);
    for (const other of ["example.org", "api.example.com.evil.net", "xapi.example.com", "93.184.216.34"])
      expect((await box.sh(`curl -s -o /dev/null -w '%{http_code}' http://${other}/`)).stdout, other).toBe("403");
    // By an address of its own it goes nowhere, whatever is allowed.
    expect((await box.sh("curl -s -m 3 --noproxy '*' http://93.184.216.34/")).exitCode).not.toBe(0);
    expect(dialled).toHaveLength(3);
  });

  test("C8 an allowed name that leads inside is not followed", async () => {
    await allow(["metadata.example.com", "inside.example.com"]);
    for (const name of ["metadata.example.com", "inside.example.com"])
      expect((await box.sh(`curl -s http://${name}/latest/meta-data/`)).stdout).toContain("not public");
    expect(dialled).toHaveLength(3);
  });

  test("C8 the list holds while the box sleeps, and one that is taken back closes at once", async () => {
    await allow(["api.example.com"]);
    await box.sleep();
    await box.start();
    expect((await box.sh("curl -s http://api.example.com/again")).stdout).toBe("GET api.example.com/again");
    await allow([]);
    expect((await box.sh("curl -s -o /dev/null -w '%{http_code}' http://api.example.com/")).stdout).toBe("403");
  });
});

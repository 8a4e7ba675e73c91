import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { followChildren } from "./children.ts";

test("the start and the end of one's own command are told, whoever starts it, until one stops listening", async () => {
  const heard: string[] = [];
  const following = followChildren("/bin/cat", {
    started: ({ pid, args }) => heard.push(`started ${pid} ${args.join(" ")}`),
    ended: ({ pid }) => heard.push(`ended ${pid}`),
  });
  const cat = spawn("/bin/cat", ["-"]);
  const other = spawn("/bin/sh", ["-c", "exit 0"]);
  await Promise.all([once(cat, "spawn"), once(other, "exit")]);
  cat.kill("SIGKILL");
  await once(cat, "exit");
  expect(heard).toEqual([`started ${cat.pid} /bin/cat -`, `ended ${cat.pid}`]);

  following.stop();
  const late = spawn("/bin/cat", []);
  late.stdin.end();
  await once(late, "exit");
  expect(heard).toHaveLength(2);
});

import { describe } from "vitest";
import { jailForTests } from "../jail/jail.ts";
import { computerContract } from "./box.contract.ts";
import { startJail } from "./start.ts";

const probe = await jailForTests();

describe.skipIf(probe === null)("where the machine can make jails", () => {
  computerContract("a computer in a jail", () => startJail(probe?.disableUserns ?? false), {
    kind: "jail",
    machine: true,
  });
});

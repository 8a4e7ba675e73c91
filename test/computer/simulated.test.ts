import { computerContract } from "./box.contract.ts";
import { startSimulated } from "./start.ts";

computerContract("a simulated computer", startSimulated, { kind: "simulated", machine: false });

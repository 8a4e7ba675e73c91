import { loadModel, chooseModel } from "../kernel/models/registry.ts";

let warming: Promise<void> | null = null;

/**
 * Evaluates what the first turn would have to wait for. Deploying and the first acknowledgement of a cold Worker must
 * not pay for it, so these are imported on first use; a look at the Worker's health is the moment to do it early. A model
 * that is not set up right is told of where it is used.
 */
export function warmUp(env: object): Promise<void> {
  warming ??= Promise.allSettled([
    import("./slack/app.ts"),
    import("@slack/web-api"),
    import("../kernel/thread/parts.ts"),
    import("../kernel/sandbox/isolate/program.ts"),
    Promise.resolve().then(() => loadModel(chooseModel(env), env)),
  ]).then(() => undefined);
  return warming;
}

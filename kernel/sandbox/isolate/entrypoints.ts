import { WorkerEntrypoint } from "cloudflare:workers";
import type { Outcome } from "../../errors.ts";
import type { FilesValue } from "./files-call.ts";
import type { ProxyAnswer } from "./proxy-call.ts";
import type { IsolateProps, StubAnswer, ToolsAnswer } from "./runs.ts";

/** What the Kernel offers to the stubs: each only hand on to its {@link Runs}. */
export interface IsolateKernel {
  isolateFiles(props: IsolateProps, op: unknown, args: unknown): Promise<StubAnswer<FilesValue>>;
  isolateTools(props: IsolateProps, name: unknown, input: unknown): Promise<ToolsAnswer>;
  isolateProxy(props: IsolateProps, request: unknown, body: unknown): Promise<StubAnswer<ProxyAnswer>>;
  isolateLogs(props: IsolateProps, lines: unknown): Promise<Outcome<null>>;
}

export interface IsolateEnv {
  KERNEL: { getByName(user: string): IsolateKernel };
}

/*
 * The stubs an isolate is handed. Every public method of such a class can be called by the program with anything, so
 * each has exactly one, and it does nothing but carry the call, with the identity it was made with, to the Kernel.
 * The Worker's main module exports all, so that `ctx.exports` makes them.
 */
export class IsolateFiles extends WorkerEntrypoint<IsolateEnv, IsolateProps> {
  async call(op: unknown, ...args: unknown[]): Promise<StubAnswer<FilesValue>> {
    const { props } = this.ctx;
    return this.env.KERNEL.getByName(props.user).isolateFiles(props, op, args);
  }
}

export class IsolateTools extends WorkerEntrypoint<IsolateEnv, IsolateProps> {
  async call(name: unknown, input: unknown): Promise<ToolsAnswer> {
    const { props } = this.ctx;
    return this.env.KERNEL.getByName(props.user).isolateTools(props, name, input);
  }
}

export class IsolateProxy extends WorkerEntrypoint<IsolateEnv, IsolateProps> {
  async call(request: unknown, body: unknown): Promise<StubAnswer<ProxyAnswer>> {
    const { props } = this.ctx;
    return this.env.KERNEL.getByName(props.user).isolateProxy(props, request, body);
  }
}

export class IsolateLogs extends WorkerEntrypoint<IsolateEnv, IsolateProps> {
  async write(lines: unknown): Promise<Outcome<null>> {
    const { props } = this.ctx;
    return this.env.KERNEL.getByName(props.user).isolateLogs(props, lines);
  }
}

import type { Box, BoxName } from "../sandbox/computer/types.ts";

/**
 * Which hosts a person's boxes may reach, told to each box before it runs something: when it is used first, and again
 * when the list has changed. A box that could not be told runs nothing.
 */
export class WayOut {
  readonly #told = new Map<BoxName, string>();
  readonly #hosts: () => readonly string[];

  constructor(hosts: () => readonly string[]) {
    this.#hosts = hosts;
  }

  within(name: BoxName, box: Box): Box {
    const told = async <T>(work: () => Promise<T>): Promise<T> => {
      await this.tell(name, box);
      return work();
    };
    return {
      ...box,
      exec: (request) => told(() => box.exec(request)),
      start: (request) => told(() => box.start(request)),
    };
  }

  async tell(name: BoxName, box: Pick<Box, "allow">): Promise<void> {
    const hosts = [...this.#hosts()];
    const list = hosts.join("\n");
    if (this.#told.get(name) === list) return;
    await box.allow(hosts);
    this.#told.set(name, list);
  }

  /** Tells each, also when another cannot be told: a host that was taken back stays open in no box for that. */
  async tellAll(boxes: readonly (readonly [BoxName, Pick<Box, "allow">])[]): Promise<void> {
    const told = await Promise.allSettled(boxes.map(([name, box]) => this.tell(name, box)));
    const failed = told.find((one) => one.status === "rejected");
    if (failed) throw failed.reason;
  }

  forget(name: BoxName): void {
    this.#told.delete(name);
  }
}

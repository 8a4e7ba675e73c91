import type { Clock } from "../../clock.ts";
import { KernelError } from "../../errors.ts";
import type { UserId } from "../../ids.ts";
import { limits } from "../../limits.ts";
import { sha256 } from "../../sha256.ts";
import type { BoxPort } from "./box-port.ts";
import { boxLabel, type ComputerChoice, mayMake, mayOpen, nothingListens, unexpired } from "./decide.ts";
import { type BoxLabel, newSecret, Port, previewHost, previewUrl } from "./preview-label.ts";
import { sdkBox } from "./sdk-box.ts";
import type { ComputerRow, ComputerStore } from "./store.ts";
import type { Box, BoxName, BoxSummary, Computers, SnapshotSummary } from "./types.ts";

export interface ComputersDeps {
  user: UserId;
  choice: ComputerChoice;
  store: ComputerStore;
  bucket: R2Bucket;
  publicUrl: string;
  now: Clock;
  /** The object of a box. */
  object(label: BoxLabel): BoxPort;
  /** A box of the simulated shell. */
  simulated(name: BoxName): Box;
  /** Called with each box that is handed out; gives the same with its `/r2` kept in step. */
  used(name: BoxName, box: Box): Box;
  /** It is gone, or about to be. */
  forgotten(name: BoxName): Promise<void>;
}

const { computer } = limits;
const listenWithinMs = 5_000;

/** Where in R2 a person's snapshot lies. */
export const snapshotKey = (user: UserId, id: string): string => `snapshots/${user}/${id}`;

/** The row of a box that is about to be used; made at its first use, within the person's cap. */
export async function openRow(
  { store, user, now }: Pick<ComputersDeps, "store" | "user" | "now">,
  name: BoxName,
): Promise<ComputerRow> {
  const rows = store.all();
  let row = rows.find((one) => one.name === name);
  if (!row) {
    mayMake(
      rows.map((one) => one.name),
      name,
    );
    row = { name, box: await boxLabel(user, name), createdAt: now(), usedAt: now(), busyMs: 0 };
    store.add(row);
  }
  store.used(name, now(), 0);
  return row;
}

/** The computers of one person. */
export function computers(deps: ComputersDeps): Computers {
  const { choice, store, user, now } = deps;
  const found = (name: BoxName): ComputerRow => {
    const row = store.all().find((one) => one.name === name);
    if (row) return row;
    const names = store.all().map((one) => one.name);
    const there = names.length === 0 ? "There is none yet." : `There are: ${names.join(", ")}.`;
    throw new KernelError("computer.not_found", `There is no computer named ${name}. ${there}`);
  };
  const made = (row: Pick<ComputerRow, "name" | "box">): Box =>
    choice.kind === "simulated"
      ? deps.simulated(row.name)
      : sdkBox({
          object: () => deps.object(row.box),
          owner: user,
          kind: choice.kind,
          snapshotKey: (id) => snapshotKey(user, id),
        });

  const box = async (name: BoxName): Promise<Box> => {
    const plain = made(await openRow(deps, name));
    return counted(deps.used(name, plain), (ms) => store.used(name, now(), ms));
  };

  const close = async (row: ComputerRow, port: number): Promise<void> => {
    store.closePort(row.name, port);
    if (choice.kind !== "simulated") await deps.object(row.box).revoke(user, port);
  };

  return {
    kind: choice.kind,
    reason: choice.reason,
    box,
    list: () => Promise.all(store.all().map((row) => summary(deps, row))),
    snapshots: () => snapshotsOf(store),
    async expose(name, port) {
      const row = found(name);
      if (choice.kind === "simulated")
        throw new KernelError(
          "computer.unsupported",
          "A simulated shell has no ports: nothing can be served from it. Publish a site instead.",
        );
      const read = Port.safeParse(port);
      if (!read.success)
        throw new KernelError(
          "input.invalid",
          "A port is 1024 to 65535, and not 3000, which the computer itself uses.",
        );
      mayOpen(
        unexpired(store.ports(name), now()).map((one) => one.port),
        port,
      );
      const opened = await box(name);
      if (!(await opened.listening(port, listenWithinMs))) throw nothingListens(name, port);
      const secret = newSecret();
      const grant = { port, secretHash: await sha256(secret), expiresAt: now() + computer.portTtlMs };
      const answer = await deps.object(row.box).grant(user, grant);
      if (!answer.ok) throw KernelError.from(answer.error);
      store.openPort({ name, ...grant });
      return {
        port,
        url: previewUrl({ port, name, box: row.box, secret }, deps.publicUrl),
        expiresAt: grant.expiresAt,
      };
    },
    revoke: (name, port) => close(found(name), port),
    async snapshot(name, label) {
      found(name);
      const opened = await box(name);
      const saved = await opened.snapshot(label);
      store.addSnapshot({ ...saved, name, label, at: now() });
      const all = store.snapshots();
      const surplus = [
        ...all.filter((one) => one.name === name).slice(computer.maxSnapshots),
        ...all.slice(computer.maxSnapshots * computer.maxBoxes),
      ];
      for (const one of surplus) {
        store.removeSnapshot(one.id);
        await deps.bucket.delete(snapshotKey(user, one.id));
      }
      return saved;
    },
    async restore(name, id) {
      if (!store.snapshots().some((one) => one.id === id))
        throw new KernelError("computer.not_found", "There is no snapshot of that id. computer_list names them.");
      await (await box(name)).restore(id);
    },
    async destroy(name) {
      const row = found(name);
      await deps.forgotten(name);
      await made(row).destroy();
      store.remove(name);
    },
  };
}

/** The same box, with the time its commands take told. */
function counted(box: Box, tell: (busyMs: number) => void): Box {
  return {
    ...box,
    async exec(request) {
      const from = performance.now();
      try {
        return await box.exec(request);
      } finally {
        tell(performance.now() - from);
      }
    },
  };
}

const snapshotsOf = (store: ComputerStore): SnapshotSummary[] =>
  store.snapshots().map(({ name, ...one }) => ({ ...one, box: name }));

async function summary(deps: ComputersDeps, row: ComputerRow): Promise<BoxSummary> {
  const { choice, store, user, now } = deps;
  const { name, box, createdAt, usedAt, busyMs } = row;
  const state =
    choice.kind === "simulated"
      ? null
      : await deps
          .object(box)
          .state(user)
          .catch(() => null);
  return {
    name,
    kind: choice.kind,
    state: state?.ok === true ? state.value : "asleep",
    createdAt,
    usedAt,
    busySeconds: Math.round(busyMs / 1000),
    // The secret is in nobody's keeping but the link's: what is shown here opens nothing.
    ports: unexpired(store.ports(name), now()).map(({ port, expiresAt }) => ({
      port,
      url: `${new URL(deps.publicUrl).protocol}//${port}-${name}-….${previewHost(deps.publicUrl)}/`,
      expiresAt,
    })),
    snapshots: snapshotsOf(store).filter((one) => one.box === name),
  };
}

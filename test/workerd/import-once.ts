/*
 * The pool looks the Worker up anew, at Vite and over one socket, with every call of every object. That takes longer than
 * most calls do, and a look-up that an object was taken away in never ends. Nothing changes while tests run, so it is
 * looked up once.
 */
interface Runner {
  import(id: string): Promise<unknown>;
}

declare global {
  // The pool's own; vitest has no name for it.
  var __vitest_mocker__: { moduleRunner: Runner } | undefined;
}

export function importOnce(): void {
  const runner = globalThis.__vitest_mocker__?.moduleRunner;
  if (!runner) throw new Error("this pool looks modules up in another way");
  const known = new Map<string, unknown>();
  const look = runner.import.bind(runner);
  runner.import = async (id) => {
    if (known.has(id)) return known.get(id);
    const found = await look(id);
    known.set(id, found);
    return found;
  };
}

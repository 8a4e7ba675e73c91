import type { Bound } from "./growth.ts";

interface Body {
  readonly body: ReadableStream<Uint8Array> | null;
  readonly headers: Headers;
}

/**
 * Reads the body of a Response or Request as the runtime does, but bit by bit: how much will come out of a stream (one
 * that unpacks something, say) is not known before.
 */
export function guardBodies(
  world: Record<string, unknown>,
  bound: Bound,
  put: (holder: object, name: PropertyKey, value: unknown) => unknown,
): void {
  const collect = async ({ body }: Body): Promise<Uint8Array<ArrayBuffer>> => {
    if (body === null) return new Uint8Array();
    const reader = body.getReader();
    const parts: Uint8Array[] = [];
    let total = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const part = typeof value === "string" ? new TextEncoder().encode(value) : value;
      total += part.byteLength;
      bound.check(total, "a body");
      parts.push(part);
      bound.tick();
    }
    const all = new Uint8Array(total);
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.byteLength;
    }
    return all;
  };
  const text = async (self: Body) => new TextDecoder().decode(await collect(self));
  for (const name of ["Response", "Request"]) {
    const maker = world[name] as { prototype?: Body } | undefined;
    if (!maker?.prototype) continue;
    const formData = Reflect.get(maker.prototype, "formData") as () => Promise<FormData>;
    const methods: Record<string, (self: Body) => Promise<unknown>> = {
      bytes: collect,
      arrayBuffer: async (self) => (await collect(self)).buffer,
      text,
      json: async (self) => JSON.parse(await text(self)) as unknown,
      blob: async (self) => new Blob([await collect(self)], { type: self.headers.get("content-type") ?? "" }),
      formData: async (self) => {
        const { headers } = self;
        return Reflect.apply(formData, new Response(await collect(self), { headers }), []);
      },
    };
    for (const [method, read] of Object.entries(methods))
      put(maker.prototype, method, { [method](this: Body) { return read(this); } }[method]); // oxfmt-ignore
  }
}

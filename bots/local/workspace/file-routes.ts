import { setTimeout as pause } from "node:timers/promises";
import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { Hono, type Context } from "hono";
import { readBody, readForm } from "./body.ts";
import type { Faults } from "./faults.ts";
import { fieldsOf, parseJson } from "./json.ts";
import { bounds } from "./limits.ts";
import { receiveUpload } from "./methods/files.ts";
import { respond } from "./response-url.ts";
import { SlackError } from "./slack-error.ts";
import type { World } from "./world.ts";

/** What Slack answers, with status 200, to a download without a good token or scope. */
const loginPage = `<!DOCTYPE html><html lang="en"><head><title>Sign in | Slack</title></head>
<body><h1>Sign in to your workspace</h1><form action="/signin" method="post"></form></body></html>`;

const signIn = (): Response => new Response(loginPage, { headers: { "content-type": "text/html; charset=utf-8" } });

/** Downloads with the bearer, uploads by their URL, and response URLs. */
export function fileRoutes(world: World, faults: Faults): Hono<{ Bindings: HttpBindings }> {
  const routes = new Hono<{ Bindings: HttpBindings }>();

  const isLive = (token: string): boolean => {
    try {
      return world.tokens.caller(token, world.now()).scopes.includes("files:read");
    } catch (thrown) {
      if (thrown instanceof SlackError) return false;
      throw thrown;
    }
  };
  const stored = (authorization: string | undefined, place: string): Response => {
    if (!isLive(authorization?.replace(/^Bearer /, "") ?? "")) return signIn();
    const id = place.split("-").at(-1) ?? "";
    const file = world.files.get(id);
    const bytes = file === null ? null : world.files.bytes(id);
    if (file === null || bytes === null) return new Response("Not found", { status: 404 });
    return new Response(bytes, {
      headers: { "content-type": file.mimetype, "x-content-type-options": "nosniff", "cache-control": "private" },
    });
  };
  const download = async (c: Context<{ Bindings: HttpBindings }>): Promise<Response> => {
    const fault = faults.take("files.download", {});
    if (fault?.delayMs !== undefined) await pause(fault.delayMs, undefined, { ref: false });
    if (fault?.drop !== undefined) {
      c.env.outgoing.destroy();
      return RESPONSE_ALREADY_SENT;
    }
    if (fault?.error === "missing_scope") return signIn();
    if (fault?.status !== undefined) return new Response("The service is not available.", { status: fault.status });
    return stored(c.req.header("authorization"), c.req.param("place") ?? "");
  };
  routes.get("/files-pri/:place/download/:name", download);
  routes.get("/files-pri/:place/:name", download);

  routes.post("/upload/v1/:key", async (c) => {
    const type = c.req.header("content-type") ?? "";
    let bytes: Uint8Array | null = null;
    if (type.startsWith("multipart/form-data")) {
      const form = await readForm(c.req.raw, bounds.uploadBytes);
      const file = [...(form?.values() ?? [])].find((value) => typeof value !== "string");
      bytes = file === undefined ? null : new Uint8Array(await file.arrayBuffer());
    } else bytes = await readBody(c.req.raw, bounds.uploadBytes);
    if (bytes === null) return c.text("The file is missing or too large.", 413);
    if (!receiveUpload(world, c.req.param("key"), bytes)) return c.text("Nobody waits for this file.", 404);
    return c.text(`OK - ${bytes.byteLength}`);
  });

  routes.post("/response/:team/:key", async (c) => {
    const hook = world.hooks.useResponse(c.req.param("key"), world.now());
    if (typeof hook === "string") return c.json({ ok: false, error: hook }, 404);
    const bytes = await readBody(c.req.raw, bounds.bodyBytes);
    const body = parseJson(new TextDecoder().decode(bytes ?? new Uint8Array()));
    if (body === undefined) return c.json({ ok: false, error: "invalid_payload" }, 400);
    try {
      respond(world, hook, fieldsOf(body));
      return c.text("ok");
    } catch (thrown) {
      if (thrown instanceof SlackError) return c.json({ ok: false, error: thrown.error, ...thrown.extra }, 400);
      throw thrown;
    }
  });
  return routes;
}

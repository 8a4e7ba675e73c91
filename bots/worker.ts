import { waitUntil } from "cloudflare:workers";
import { Hono } from "hono";
import { slackPort } from "../adapters/slack/index.ts";
import type { SiteFacts } from "../adapters/slack/links.ts";
import { Channel } from "../kernel/channel/index.ts";
import type { ChatInput, ChatPort } from "../kernel/chat/types.ts";
import type { KernelEnv } from "../kernel/env.ts";
import { KernelError } from "../kernel/errors.ts";
import { channelId, ThreadId, threadId } from "../kernel/ids.ts";
import { installationStub } from "../kernel/installations/stub.ts";
import { log } from "../kernel/log.ts";
import { ComputerBox } from "../kernel/sandbox/computer/box-object.ts";
import type { BoxPort } from "../kernel/sandbox/computer/box-port.ts";
import { readHostEnv } from "../kernel/sandbox/computer/host-env.ts";
import { BoxLabel } from "../kernel/sandbox/computer/preview-label.ts";
import { metered } from "../kernel/meter.ts";
import { internalHeaders } from "../kernel/sandbox/computer/bindings/names.ts";
import { sameText } from "../kernel/same-text.ts";
import { ContainerDoor } from "../kernel/sandbox/computer/container-proxy.ts";
import { IsolateFiles, IsolateLogs, IsolateProxy, IsolateTools } from "../kernel/sandbox/isolate/entrypoints.ts";
import { fileUrl, pictureOf } from "../kernel/sites/picture.ts";
import { readPublication } from "../kernel/sites/publication.ts";
import { serveSite } from "../kernel/sites/serve.ts";
import { channelStub, kernelStub, threadStub } from "../kernel/stubs.ts";
import { ThreadObject } from "../kernel/thread/index.ts";
import { Kernel } from "../kernel/user/index.ts";
import { readWorkerVars } from "./env.ts";
import { boxCommand, type BoxCommandParts } from "./box-command.ts";
import { features, health } from "./health.ts";
import { preview } from "./preview.ts";
import { createSlackHandler, type SlackHandler, type SlackRoute } from "./slack/index.ts";
import { readSlackEnv } from "./slack/env.ts";
import { slackInstall } from "./slack/install.ts";
import { Installation } from "./slack/installation.ts";
import { teamTokens, type TeamTokens } from "./slack/tokens.ts";
import { openTerminal, readTerminal } from "./terminal.ts";
import { mayTrace, tracePage } from "./trace.ts";
import { warmUp } from "./warm.ts";

export { Channel, Installation, IsolateFiles, IsolateLogs, IsolateProxy, IsolateTools, Kernel };
/** The name that wrangler.jsonc and the deployed objects know it by. */
export { ComputerBox as Sandbox };

let slackTokens: TeamTokens | null = null;

/** Leases of tokens are shared by all that runs in this isolate. */
function tokensOf(env: KernelEnv): TeamTokens {
  slackTokens ??= teamTokens({ env: readSlackEnv(env), installation: (id) => installationStub(env, id) });
  return slackTokens;
}

/** The Thread, with the platforms that this Worker serves. */
export class Thread extends ThreadObject {
  protected override port(thread: ThreadId): ChatPort {
    if (!thread.startsWith("slack:")) throw new KernelError("internal", "This platform is not served here.");
    const { workspace } = threadId.parse(thread);
    return slackPort({
      token: tokensOf(this.env).of(workspace),
      apiUrl: readSlackEnv(this.env).apiUrl,
      permit: (method, { scope, ...rate }) => clockOf(this.env, thread, scope).permit(method, rate),
    });
  }
}

/** Where the rate of a call is kept: with the channel, or for the whole workspace in an object of its own. */
function clockOf(env: KernelEnv, thread: ThreadId, scope: "workspace" | "channel") {
  const channel = channelId.of(thread);
  return channelStub(
    env,
    scope === "channel" ? channel : channelId.make({ ...channelId.parse(channel), channel: "workspace" }),
  );
}

/** Writes an input down in its Channel; the acknowledgement waits for this and for nothing else. */
async function intake(env: KernelEnv, input: ChatInput): Promise<void> {
  const result = await channelStub(env, input.channel).intake(input);
  // Not acknowledged: the platform comes again.
  if (result === "full")
    throw new KernelError("limit.queue", "Too much is waiting in this channel.", { retryable: true });
}

let slackHandler: SlackHandler | null = null;

function slack(env: KernelEnv): SlackHandler {
  if (slackHandler) return slackHandler;
  readWorkerVars(env);
  const { signingSecret, apiUrl, allowedBots } = readSlackEnv(env);
  slackHandler = createSlackHandler({
    signingSecret,
    apiUrl,
    tokens: tokensOf(env),
    allowedBots,
    sites: { apiUrl, publicUrl: readWorkerVars(env).PUBLIC_URL, find: (slug) => siteFacts(env, slug) },
    intake: (input) => intake(env, input),
    people: {
      person: (user) => kernelStub(env, user),
      checkRevision: (press) => threadStub(env, press.thread).checkRevision(press),
      features: (model) => features(model === null ? env : { ...env, MODEL: model }),
      later: (work) => waitUntil(work),
    },
    log,
  });
  return slackHandler;
}

const commandParts = (env: KernelEnv, box: unknown): BoxCommandParts => ({
  whose: () => (box as BoxPort).whose(),
  kernel: (user) => kernelStub(env, user),
});

/** What containers on Cloudflare reach the web through; a box's own commands are answered here. */
export class ContainerProxy extends ContainerDoor<KernelEnv> {
  protected override async command(object: string, request: Request): Promise<Response> {
    const { SANDBOX } = this.env;
    if (!SANDBOX) return new Response("There is nothing here.\n", { status: 404 });
    return boxCommand(request, commandParts(this.env, SANDBOX.get(SANDBOX.idFromString(object))));
  }
}

/** What anyone may know of a site: it is public. */
async function siteFacts(env: KernelEnv, slug: string): Promise<SiteFacts | null> {
  const found = await readPublication(env.FILES, slug);
  if (!found) return null;
  const { title, version, files, publishedAt } = found.publication;
  const path = pictureOf(files);
  const site = new URL(`/sites/${slug}/`, readWorkerVars(env).PUBLIC_URL).href;
  const picture = path === null ? undefined : fileUrl(site, path);
  return { slug, title, version, files: files.length, publishedAt, picture };
}

function install(env: KernelEnv) {
  const publicUrl = readWorkerVars(env).PUBLIC_URL;
  return slackInstall({ env: readSlackEnv(env), publicUrl, installation: (id) => installationStub(env, id), log });
}

const app = new Hono<{ Bindings: KernelEnv }>();

// Before all else: on a preview's host nothing but the box is served.
app.use(async (c, next) => {
  const { SANDBOX, PUBLIC_URL: publicUrl } = c.env;
  const served = await preview(c.req.raw, publicUrl, SANDBOX ? (box) => SANDBOX.getByName(box) : null);
  if (served) return served;
  await next();
});

for (const route of ["events", "actions", "commands"] as const satisfies readonly SlackRoute[]) {
  app.post(`/slack/${route}`, (c) => slack(c.env).handle(c.req.raw, route));
}
app.get("/slack/install", (c) => install(c.env).start());
app.get("/slack/oauth/callback", (c) => install(c.env).finish(c.req.raw));
app.on(["GET", "HEAD"], "/sites/*", (c) => serveSite(c.req.raw, c.env.FILES));
app.get("/health", (c) => {
  c.executionCtx.waitUntil(warmUp(c.env));
  return health(c.env);
});
// A command line of a box, as the host of jails lets it out.
app.post("/computer/call", async (c) => {
  const { SANDBOX } = c.env;
  const host = readHostEnv(c.env);
  const token = c.req.header(internalHeaders.token) ?? "";
  const box = BoxLabel.safeParse(c.req.header(internalHeaders.box));
  if (!SANDBOX || host === null || !sameText(token, host.token) || !box.success) return c.notFound();
  return boxCommand(c.req.raw, commandParts(c.env, SANDBOX.getByName(box.data)));
});
// A shell in a person's own computer, for the page of the local workspace.
app.get("/local/terminal/:box", async (c) => {
  const { SANDBOX } = c.env;
  const local = readWorkerVars(c.env).LOCAL === "1";
  const { signingSecret } = readSlackEnv(c.env);
  const order = await readTerminal(c.req.raw, { local, signingSecret, now: Date.now() });
  if (order === null || !SANDBOX) return c.notFound();
  const kernel = kernelStub(c.env, order.user);
  return openTerminal(c.req.raw, order, { kernel, object: (label) => SANDBOX.getByName(label) });
});
// As a page, and as data for benches and tests; on a laptop only.
for (const form of ["trace", "trace.json"] as const) {
  app.get(`/threads/:id/${form}`, async (c) => {
    const id = ThreadId.safeParse(c.req.param("id"));
    if (!mayTrace(c.req.url, readWorkerVars(c.env).LOCAL === "1") || !id.success) return c.notFound();
    const events = await threadStub(c.env, id.data).eventsAfter(0);
    return form === "trace" ? tracePage(id.data, events) : c.json({ events });
  });
}
// What turns cost in rows, for the bench of turns; on a laptop only.
app.get("/local/meter", (c) => {
  if (!mayTrace(c.req.url, readWorkerVars(c.env).LOCAL === "1")) return c.notFound();
  return c.json(metered());
});
// Every browser asks for it beside a site; there is none, and that is no error.
app.get("/favicon.ico", (c) => c.body(null, 204, { "cache-control": "public, max-age=86400" }));
app.get("/", (c) => c.text("Deckhand is running. Mention it in chat.\n"));
app.notFound((c) => c.text("There is nothing here.\n", 404));
app.onError((thrown, c) => {
  log.error("worker: a request failed", { path: new URL(c.req.url).pathname, thrown });
  const config = thrown instanceof KernelError && thrown.code === "config.invalid";
  return c.text(config ? `${thrown.userMessage}\n` : "Something failed inside Deckhand.\n", 500);
});

export default app;

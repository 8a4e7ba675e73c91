import { Hono } from "hono";
import { z } from "zod";
import { readForm } from "./body.ts";
import { bounds } from "./limits.ts";
import { app, otherTeam, people, team, teamOf } from "./seed.ts";
import type { World } from "./world.ts";

/** What `/oauth/v2/authorize` is asked with. https://docs.slack.dev/authentication/installing-with-oauth */
const Ask = z.object({
  client_id: z.string(),
  scope: z.string().min(1).max(2_000),
  redirect_uri: z.url({ protocol: /^https?$/ }),
  state: z.string().max(2_000).default(""),
});
const Answer = Ask.extend({
  decision: z.enum(["allow", "deny"]),
  place: z.string(),
  as: z.string().default("U0ADA"),
});

const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const page = (body: string, status = 200): Response =>
  new Response(
    `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Install ${app.name}</title><style>
:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:10vh auto;padding:0 1rem}
button,select{font:inherit;padding:.5rem 1rem;margin:.5rem .5rem .5rem 0}code{font-size:.9em}
</style></head><body>${body}</body></html>`,
    {
      status,
      headers: {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        "cache-control": "no-store",
      },
    },
  );

/** The small page on which a person lets the app into a workspace; then back to the app with a code, as Slack does. */
export function oauthRoutes(world: World): Hono {
  const routes = new Hono();
  const places = () => [
    { id: team.id, name: team.name },
    { id: otherTeam.id, name: otherTeam.name },
    ...(world.setup.grid === null ? [] : [{ id: world.setup.grid.id, name: `all of ${world.setup.grid.name}` }]),
  ];
  const refused = (why: string): Response => page(`<h1>This cannot be installed</h1><p>${escape(why)}</p>`, 400);
  const wrong = (ask: z.infer<typeof Ask>): string | null =>
    ask.client_id === world.setup.clientId ? null : "invalid_client_id: no app has this client_id.";

  routes.get("/oauth/v2/authorize", (c) => {
    const ask = Ask.safeParse(c.req.query());
    if (!ask.success) return refused(z.prettifyError(ask.error));
    const why = wrong(ask.data);
    if (why !== null) return refused(why);
    const hidden = Object.entries(ask.data).map(
      ([name, value]) => `<input type="hidden" name="${name}" value="${escape(value)}">`,
    );
    const options = places().map(({ id, name }) => `<option value="${escape(id)}">${escape(name)}</option>`);
    const scopes = ask.data.scope.split(",").map((scope) => `<li><code>${escape(scope)}</code></li>`);
    return page(`<h1>${app.name} asks to be installed</h1>
<form method="post" action="/oauth/v2/authorize">${hidden.join("")}
<label>In <select name="place">${options.join("")}</select></label>
<p>It would be allowed to:</p><ul>${scopes.join("")}</ul>
<button name="decision" value="allow" data-testid="oauth-allow">Allow</button>
<button name="decision" value="deny" data-testid="oauth-deny">Cancel</button></form>`);
  });

  routes.post("/oauth/v2/authorize", async (c) => {
    const form = await readForm(c.req.raw, bounds.bodyBytes);
    const answer = Answer.safeParse(Object.fromEntries(form ?? []));
    if (!answer.success) return refused(z.prettifyError(answer.error));
    const { decision, place, as, redirect_uri: redirectUri, scope, state } = answer.data;
    const why = wrong(answer.data);
    if (why !== null) return refused(why);
    const chosen = places().find((one) => one.id === place);
    const known = people.some((one) => one.id === as && !one.bot);
    if (chosen === undefined || !known) return refused("There is no such workspace or person.");
    const back = new URL(redirectUri);
    if (state !== "") back.searchParams.set("state", state);
    if (decision === "deny") back.searchParams.set("error", "access_denied");
    else {
      const org = place !== team.id && place !== otherTeam.id;
      const code = world.tokens.mint("code", {
        team: place,
        org,
        // Whoever installs is of that workspace.
        user: org || teamOf(as).id === place ? as : (people.find((one) => teamOf(one.id).id === place)?.id ?? as),
        scopes: scope.split(",").map((one) => one.trim()),
        redirectUri,
        expiresAt: world.now() + bounds.codeMs,
      });
      back.searchParams.set("code", code.token);
    }
    return c.redirect(back.href, 302);
  });
  return routes;
}

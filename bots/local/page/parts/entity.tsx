import { useEffect, useRef } from "preact/hooks";
import type { PageMessage } from "../../workspace/page-api.ts";
import { readEntity, type EntityView } from "../state/entity.ts";
import { reasonOf } from "../state/session.ts";
import { safeUrl } from "../text/links.ts";
import { useDeck } from "./deck.ts";
import { Icon } from "./icons.tsx";

/** Work Objects of a message as cards; a click asks the app for more, shown beside the page. */
export function Entities({ message }: { message: PageMessage }) {
  const { session } = useDeck();
  const open = (entity: unknown) => {
    const { url } = readEntity(entity);
    session.api
      .openEntity(message.channel, message.ts, url)
      .then((triggerId) => session.dispatch({ type: "details", opened: { triggerId, entity, details: null } }))
      .catch((thrown: unknown) => session.toast(reasonOf(thrown)));
  };
  return (
    <div class="entities">
      {(message.entities ?? []).map((entity, i) => {
        const view = readEntity(entity);
        return (
          <button
            key={view.url || i}
            type="button"
            class="entity"
            data-testid="entity"
            aria-haspopup="dialog"
            onClick={() => open(entity)}
          >
            <span class="entity-title">{view.title}</span>
            <span class="entity-about">{view.about}</span>
            <Fields view={{ ...view, fields: view.fields.slice(0, 4) }} />
          </button>
        );
      })}
    </div>
  );
}

function Fields({ view, follow = false }: { view: EntityView; follow?: boolean }) {
  if (view.fields.length === 0) return null;
  return (
    <dl class="entity-fields">
      {view.fields.map(({ label, value, link, long }, i) => {
        const url = follow ? safeUrl(link) : null;
        return (
          <div key={i} class={long ? "long" : ""}>
            <dt>{label}</dt>
            <dd>
              {url === null ? (
                value
              ) : (
                <a href={url} target="_blank" rel="noopener noreferrer">
                  {value}
                </a>
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

/** The Work Object that was opened: what the card said, and what the app says of it for this person. */
export function EntityFlyout() {
  const { model, session } = useDeck();
  const dialog = useRef<HTMLDialogElement>(null);
  const opened = model.opened;
  useEffect(() => {
    if (opened !== null) dialog.current?.showModal();
  }, [opened?.triggerId]);
  if (opened === null) return null;
  const { details } = opened;
  const view = readEntity(details?.entity ?? opened.entity);
  const signIn = details?.authUrl == null ? null : safeUrl(details.authUrl);
  const close = () => session.dispatch({ type: "details", opened: null });
  return (
    <dialog
      ref={dialog}
      class="dialog flyout"
      aria-labelledby="flyout-title"
      data-testid="entity-flyout"
      data-loaded={details !== null}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
    >
      <header class="modal-head">
        <div>
          <h2 id="flyout-title">{view.title}</h2>
          <span class="entity-about">{view.about}</span>
        </div>
        <button type="button" class="icon-button" aria-label="Close" data-testid="flyout-close" onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      <div class="modal-body">
        {details === null && (
          <p class="dim" role="status">
            <span class="spinner" /> Asking for the details…
          </p>
        )}
        {details?.error != null && (
          <p class="inline-error" role="alert">
            {details.error}
          </p>
        )}
        <Fields view={view} follow />
        <div class="block-actions">
          {signIn !== null && <Go url={signIn} text="Sign in to see more" />}
          {view.links.map((link) => {
            const url = safeUrl(link.url);
            return url === null ? null : <Go key={link.url + link.text} url={url} text={link.text} />;
          })}
        </div>
      </div>
    </dialog>
  );
}

const Go = ({ url, text }: { url: string; text: string }) => (
  <a class="button" href={url} target="_blank" rel="noopener noreferrer">
    {text} <Icon name="link" size={14} />
  </a>
);

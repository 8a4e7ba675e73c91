import { useEffect, useRef, useState } from "preact/hooks";
import type { PageModal } from "../../workspace/page-api.ts";
import { Block } from "../blocks/block.tsx";
import { PlaceProvider, type Use, useKey } from "../blocks/press.ts";
import { keep, type Given } from "../blocks/raw.ts";
import { reasonOf } from "../state/session.ts";
import { record, str } from "../text/json.ts";
import { useDeck } from "./deck.ts";
import { Icon } from "./icons.tsx";

/**
 * The uppermost modal. The browser's own dialog keeps the focus inside; Esc and Cancel close this one, the cross the
 * whole stack. Mount it with the view's id as key, so that an updated view keeps what was filled in.
 */
export function Modal({ modal }: { modal: PageModal }) {
  const { session } = useDeck();
  const dialog = useRef<HTMLDialogElement>(null);
  const given = useRef<Given>({});
  const [pending, setPending] = useState<string | null>(null);
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const [failed, setFailed] = useState<{ blockId: string; reason: string } | null>(null);
  const [refused, setRefused] = useState<string | null>(null);

  useEffect(() => {
    dialog.current?.showModal();
    dialog.current?.querySelector<HTMLElement>(".modal-body :is(input, textarea, select)")?.focus();
  }, []);
  useEffect(() => setErrors({}), [modal.hash]);
  useEffect(() => {
    dialog.current?.querySelector<HTMLElement>("[data-wrong] :is(input, textarea, select)")?.focus();
  }, [errors]);

  const run = (key: string, work: () => Promise<void>) => {
    if (pending !== null) return;
    setPending(key);
    setRefused(null);
    setFailed(null);
    work()
      .catch((thrown: unknown) => setRefused(reasonOf(thrown)))
      .finally(() => setPending(null));
  };
  const submit = () => run("submit", async () => setErrors(await session.api.submitView(modal.id, given.current)));
  const close = (all: boolean) =>
    run("close", async () => {
      await session.api.closeView(modal.id, all);
    });
  const use = (what: Use) =>
    run(useKey(what), async () => {
      await session.api
        .press({
          view_id: modal.id,
          block_id: what.blockId,
          action_id: what.actionId,
          values: given.current,
          ...(what.value === undefined ? {} : { value: what.value }),
          ...(what.option === undefined ? {} : { selected_option: what.option }),
          ...(what.options === undefined ? {} : { selected_option: what.options }),
        })
        .catch((thrown: unknown) => setFailed({ blockId: what.blockId, reason: reasonOf(thrown) }));
    });
  const fill = (blockId: string, actionId: string, value: unknown) => {
    given.current = keep(given.current, blockId, actionId, value);
    if (errors[blockId] !== undefined)
      setErrors(Object.fromEntries(Object.entries(errors).filter(([id]) => id !== blockId)));
  };

  return (
    <dialog
      ref={dialog}
      class="dialog modal"
      aria-labelledby="modal-title"
      data-testid="modal"
      data-view={modal.id}
      data-depth={modal.depth}
      onCancel={(event) => {
        event.preventDefault();
        close(false);
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && modal.submit !== null) submit();
      }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (modal.submit !== null) submit();
        }}
      >
        <header class="modal-head">
          <h2 id="modal-title">{modal.title}</h2>
          <button
            type="button"
            class="icon-button"
            aria-label="Close everything"
            data-testid="modal-close-all"
            onClick={() => close(true)}
          >
            <Icon name="close" />
          </button>
        </header>
        <div class="modal-body">
          <PlaceProvider value={{ pending, failed, errors, use, keep: fill }}>
            <div class="blocks">
              {modal.blocks.map((block, i) => {
                const data = record(block);
                return <Block key={str(data, "block_id") || i} block={data} />;
              })}
            </div>
          </PlaceProvider>
        </div>
        {refused !== null && (
          <p class="inline-error" role="alert">
            {refused}
          </p>
        )}
        <footer class="dialog-buttons">
          <button type="button" class="button" data-testid="modal-close" onClick={() => close(false)}>
            {modal.depth > 0 && modal.close === "Cancel" ? "Back" : modal.close}
          </button>
          {modal.submit !== null && (
            <button
              type="submit"
              class="button primary"
              data-testid="modal-submit"
              disabled={pending !== null}
              aria-busy={pending === "submit"}
            >
              {pending === "submit" && <span class="spinner" />}
              {modal.submit}
            </button>
          )}
        </footer>
      </form>
    </dialog>
  );
}

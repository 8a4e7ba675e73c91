import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Refused } from "../state/api.ts";
import { commandOf } from "../state/commands.ts";
import { encode } from "../state/mention.ts";
import { reasonOf } from "../state/session.ts";
import { CommandList, useCommands } from "./commands.tsx";
import { useDeck } from "./deck.ts";
import { type Draft, draftOf, keepDraft, onFill, placeKey } from "./drafts.ts";
import { Chip } from "./files.tsx";
import { Icon } from "./icons.tsx";
import { Menu } from "./menu.tsx";
import { shortcutItems } from "./shortcuts.ts";
import { MentionList, useMentions } from "./mentions.tsx";

const maxFiles = 10;

interface Props {
  channel: string;
  threadTs: string | null;
  placeholder: string;
  testId: string;
  focus: boolean;
  onSent: (ts: string, text: string) => void;
  /** Arrow up in an empty composer: edit what was said last. */
  onEditLast: () => void;
}

/** Where a message is written. Mount it with a key per place: a draft belongs to its place. */
export function Composer({ channel, threadTs, placeholder, testId, focus, onSent, onEditLast }: Props) {
  const deck = useDeck();
  const { session, state, model } = deck;
  const key = placeKey(model.me, channel, threadTs);
  const [draft, setDraft] = useState<Draft>(() => draftOf(key));
  const [caret, setCaret] = useState(0);
  const [sending, setSending] = useState<readonly File[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const listId = useId();
  const latest = useRef(draft);
  latest.current = draft;

  // Put with the drawn text and not a frame later: whoever goes on typing has moved it by then.
  const caretAfterDrawing = useRef<number | null>(null);
  const change = (next: Draft) => {
    latest.current = next;
    setDraft(next);
    keepDraft(key, next);
  };
  const type = (text: string, at: number) => {
    change({ ...latest.current, text });
    setCaret(at);
    caretAfterDrawing.current = at;
  };
  const add = (files: readonly File[]) => {
    const all = [...latest.current.files, ...files];
    setError(all.length > maxFiles ? `At most ${maxFiles} files go with one message.` : null);
    change({ ...latest.current, files: all.slice(0, maxFiles) });
  };
  const mentions = useMentions(state.people, draft.text, caret, (start, end, words) =>
    type(draft.text.slice(0, start) + words + draft.text.slice(end), start + words.length),
  );

  const commands = useCommands(draft.text, threadTs === null, (text) => type(text, text.length));

  useLayoutEffect(() => {
    const box = area.current;
    if (box === null) return;
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 260)}px`;
    const at = caretAfterDrawing.current;
    caretAfterDrawing.current = null;
    if (at !== null) box.setSelectionRange(at, at);
  }, [draft.text]);
  useEffect(() => {
    if (focus) area.current?.focus({ preventScroll: true });
  }, [focus]);
  useEffect(
    () =>
      onFill(key, (more) => {
        if (more.files !== undefined) add(more.files);
        if (more.text !== undefined) type(more.text, more.text.length);
        area.current?.focus();
      }),
    [key],
  );

  const send = async () => {
    const { text, files } = latest.current;
    if ((text.trim() === "" && files.length === 0) || sending !== null) return;
    change({ text: "", files: [] });
    setSending(files);
    setError(null);
    try {
      const command = files.length === 0 ? commandOf(text) : null;
      const known = state.commands?.some((one) => one.command === command?.command) ?? false;
      if (command !== null && known && threadTs !== null) {
        throw new Refused(`${command.command} works in a channel, not in a thread.`);
      }
      if (command === null || threadTs !== null) {
        const ts = await session.api.send({ channel, threadTs, text: encode(text.trim(), state.people), files });
        onSent(ts, text);
      } else await session.api.command(channel, command.command, command.rest);
    } catch (thrown) {
      setError(`Not sent: ${reasonOf(thrown)}`);
      const now = latest.current;
      change({ text: now.text === "" ? text : `${text}\n${now.text}`, files: [...files, ...now.files] });
    } finally {
      setSending(null);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing || mentions.onKey(event) || commands.onKey(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      void send();
    } else if (event.key === "ArrowUp" && draft.text === "") {
      event.preventDefault();
      onEditLast();
    }
  };
  const paste = (event: ClipboardEvent) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    add(files);
  };
  const insertAt = () => {
    const at = area.current?.selectionStart ?? draft.text.length;
    const lead = at === 0 || /\s/.test(draft.text[at - 1] ?? "") ? "@" : " @";
    type(draft.text.slice(0, at) + lead + draft.text.slice(at), at + lead.length);
    area.current?.focus();
  };
  const open = mentions.found.length > 0 || commands.found.length > 0;
  const active = mentions.found.length > 0 ? mentions.active : commands.active;
  const empty = draft.text.trim() === "" && draft.files.length === 0;

  return (
    <div class="composer-wrap">
      <MentionList mentions={mentions} id={listId} />
      <CommandList commands={commands} id={listId} />
      {error !== null && (
        <p class="inline-error" role="alert">
          {error}
        </p>
      )}
      <div class="composer">
        {draft.files.length > 0 && (
          <ul class="chips" aria-label="Files to send">
            {draft.files.map((file, i) => (
              <Chip
                key={`${file.name}-${i}`}
                file={file}
                remove={() => change({ ...latest.current, files: latest.current.files.filter((_, j) => j !== i) })}
              />
            ))}
          </ul>
        )}
        {sending !== null && sending.length > 0 && (
          <ul class="chips sending" aria-label="Files being sent">
            {sending.map((file, i) => (
              <Chip key={i} file={file} />
            ))}
            <li class="dim">
              <span class="spinner" /> Sending…
            </li>
          </ul>
        )}
        <textarea
          ref={area}
          rows={1}
          value={draft.text}
          placeholder={placeholder}
          aria-label={placeholder}
          data-testid={testId}
          aria-autocomplete="list"
          aria-controls={open ? listId : undefined}
          aria-activedescendant={open ? `${listId}-${active}` : undefined}
          onInput={(event) => {
            change({ ...latest.current, text: event.currentTarget.value });
            setCaret(event.currentTarget.selectionStart);
          }}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
          onKeyDown={onKeyDown}
          onPaste={paste}
        />
        <div class="composer-tools">
          <button
            type="button"
            class="icon-button"
            aria-label="Attach files"
            title="Attach files"
            onClick={() => picker.current?.click()}
          >
            <Icon name="attach" />
          </button>
          <button
            type="button"
            class="icon-button"
            aria-label="Mention somebody"
            title="Mention somebody"
            onClick={insertAt}
          >
            <Icon name="at" />
          </button>
          <Menu label="Shortcuts" icon="bolt" items={shortcutItems(deck, "global")} testId="shortcuts" />
          <input
            ref={picker}
            class="hidden-input"
            type="file"
            multiple
            tabIndex={-1}
            aria-label="Choose files"
            data-testid={threadTs === null ? "file-input" : "thread-file-input"}
            onChange={(event) => {
              add([...(event.currentTarget.files ?? [])]);
              event.currentTarget.value = "";
              area.current?.focus();
            }}
          />
          <span class="composer-hint" aria-hidden="true">
            <kbd>Shift</kbd> <kbd>Enter</kbd> for a new line
          </span>
          <button
            type="button"
            class="send"
            aria-label="Send"
            title="Send (Enter)"
            data-testid={threadTs === null ? "send" : "thread-send"}
            disabled={empty || sending !== null}
            onClick={() => {
              void send();
              area.current?.focus();
            }}
          >
            <Icon name="send" />
          </button>
        </div>
      </div>
    </div>
  );
}

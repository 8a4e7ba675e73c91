import { useEffect, useRef } from "preact/hooks";

/** A question before something happens, as Slack's confirm object has it. */
export interface Question {
  title: string;
  text: string;
  yes: string;
  no: string;
  danger: boolean;
}

export function Confirm({ question, answer }: { question: Question; answer: (yes: boolean) => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      class="dialog confirm"
      aria-labelledby="confirm-title"
      onCancel={(event) => {
        event.preventDefault();
        answer(false);
      }}
    >
      <h2 id="confirm-title">{question.title}</h2>
      <p>{question.text}</p>
      <div class="dialog-buttons">
        <button type="button" class="button" onClick={() => answer(false)}>
          {question.no}
        </button>
        <button
          type="button"
          class={question.danger ? "button danger" : "button primary"}
          data-testid="confirm-yes"
          onClick={() => answer(true)}
        >
          {question.yes}
        </button>
      </div>
    </dialog>
  );
}

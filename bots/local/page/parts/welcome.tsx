import { Logo } from "./logo.tsx";

/** Until the workspace has answered for the first time. */
export function Welcome({ failure, lost }: { failure: string | null; lost: boolean }) {
  const words = failure ?? (lost ? "The workspace does not answer yet. Trying again…" : null);
  return (
    <div class="welcome" role="status">
      <Logo size={64} />
      <h1>Deckhand</h1>
      <p>{words ?? "Coming aboard…"}</p>
    </div>
  );
}

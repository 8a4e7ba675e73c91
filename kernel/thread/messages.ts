import type { ModelMessage } from "ai";
import { authored, renamed } from "../chat/authored.ts";
import { filesMark } from "./attachments.ts";

const marks = /⟦files of ([^⟧\s]{1,200})⟧/g;

export interface Known {
  /** What is known of a message's files; null for a mark that is not ours. */
  linesOf(messageId: string): string | null;
  /** A person's name for what the platform called them. */
  nameOf(name: string): string | undefined;
}

/** Fills in what was not known when a message was taken: its files where their mark stands, and its author's name. */
export function filledIn(messages: ModelMessage[], known: Known): ModelMessage[] {
  const fill = (text: string) =>
    renamed(text, (name) => known.nameOf(name)).replaceAll(marks, (mark, id: string) => known.linesOf(id) ?? mark);
  return messages.map((message) => {
    if (message.role !== "user") return message;
    if (typeof message.content === "string") return { ...message, content: fill(message.content) };
    return {
      ...message,
      content: message.content.map((part) => (part.type === "text" ? { ...part, text: fill(part.text) } : part)),
    };
  });
}

export interface Picture {
  path: string;
  mediaType: string;
  bytes: Uint8Array;
}

/**
 * Shows pictures to a model that has eyes: as a user message at the end, because every provider takes pictures there and
 * not every one takes them in a tool result.
 */
export function withPictures(messages: ModelMessage[], pictures: Picture[]): ModelMessage[] {
  if (pictures.length === 0) return messages;
  const names = pictures.map((picture) => picture.path).join(", ");
  const shown: ModelMessage = {
    role: "user",
    content: [
      { type: "text", text: `[Deckhand shows the pictures that were asked for: ${names}]` },
      ...pictures.map((picture) => ({ type: "file" as const, data: picture.bytes, mediaType: picture.mediaType })),
    ],
  };
  return [...messages, shown];
}

/** What the model reads of a message: who wrote it, the text, and a mark where files and the thread so far are filled in. */
export function promptText(authorName: string, text: string, messageId: string, marked: boolean): string {
  const said = text.trim() || "(no text)";
  return [authored(authorName, said), ...(marked ? [filesMark(messageId)] : [])].join("\n\n");
}

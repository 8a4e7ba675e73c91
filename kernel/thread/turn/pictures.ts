import type { ModelMessage } from "ai";

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

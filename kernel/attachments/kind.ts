import { KernelError } from "../errors.ts";
import { asText, sniff, typeOfName } from "../files/media-type.ts";

export type Attachment =
  | { kind: "pdf"; mediaType: string }
  | { kind: "picture"; mediaType: string }
  | { kind: "text"; mediaType: string; text: string };

/**
 * What a file really is, by its first bytes before its name. Pure.
 * @throws KernelError `file.empty`, `file.not_the_file`, `file.unsupported`, each naming the file.
 */
export function attachmentKind(name: string, mediaType: string, bytes: Uint8Array): Attachment {
  if (bytes.length === 0) throw new KernelError("file.empty", `${name} is empty (0 bytes). Please upload it again.`);
  const found = sniff(bytes);
  const named = typeOfName(name);
  if (found === "text/html" && named !== "text/html" && !named.startsWith("text/"))
    throw new KernelError(
      "file.not_the_file",
      `${name} holds a web page (a sign-in page perhaps) in place of the file. Please upload it again, or check that Deckhand may read files.`,
    );
  if (found === "application/pdf") return { kind: "pdf", mediaType: found };
  if (found?.startsWith("image/")) return { kind: "picture", mediaType: found };
  if (named === "application/pdf")
    throw new KernelError(
      "pdf.broken",
      `${name} is named like a PDF but holds none. Please export or upload it again.`,
    );
  const text = found === "application/zip" ? null : asText(bytes);
  if (text !== null) return { kind: "text", mediaType: named === "application/octet-stream" ? mediaType : named, text };
  throw new KernelError("file.unsupported", `${name} cannot be read here (${found ?? mediaType}). ${advice(name)}`);
}

function advice(name: string): string {
  if (/\.(?:docx?|pptx?|odt|odp|pages|key)$/i.test(name)) return "Please send it as a PDF.";
  if (/\.(?:xlsx?|ods|numbers)$/i.test(name)) return "Please send it as CSV or PDF.";
  return "PDF, PNG, JPEG, GIF, WebP and text files can.";
}

/** What a commit of ours holds. */
export interface NewCommit {
  tree: string;
  parent: string;
  author: string;
  message: string;
  at: number;
}

const email = "deckhand@localhost";
/** Signs that end a name in the header of a commit. */
const plain = (name: string): string => name.replaceAll(/[<>\p{Cc}\p{Cs}]+/gu, " ").trim() || "Somebody";

/** The text of a commit as git stores it, so that its id is known before a box is told of it. */
export function commitText({ tree, parent, author, message, at }: NewCommit): string {
  const time = `${Math.floor(at / 1000)} +0000`;
  return [
    `tree ${tree}`,
    `parent ${parent}`,
    `author ${plain(author)} <${email}> ${time}`,
    `committer Deckhand <${email}> ${time}`,
    "",
    message.toWellFormed().replaceAll("\0", "").replace(/\n*$/, "\n"),
  ].join("\n");
}

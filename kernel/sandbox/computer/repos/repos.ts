import type { Clock } from "../../../clock.ts";
import { KernelError } from "../../../errors.ts";
import type { ThreadId } from "../../../ids.ts";
import { limits } from "../../../limits.ts";
import type { Box } from "../types.ts";
import { Answer, type Diff } from "./answer.ts";
import { placeOf, remoteOf, type RepoPlace } from "./names.ts";
import { commitText } from "./new-commit.ts";
import { corrupt, idCharsOf, objectId, Objects } from "./objects.ts";
import { outgoingRange } from "./range.ts";
import * as scripts from "./scripts.ts";
import { scripted } from "./shell.ts";
import { shownDiff, tooLarge, treeOf } from "./shown-diff.ts";

export interface OpenRepo {
  path: string;
  branch: string;
  base: string;
  head: string;
  files: number;
}

/** What is not committed yet: a tree of git on top of a commit. Both together name it exactly. */
export interface Changes extends Diff {
  head: string;
  tree: string;
  branch: string;
}

/** What a push would bring. */
export interface Outgoing extends Diff {
  remote: string;
  head: string;
  /** Where the remote's history parts from it; empty when the remote is. */
  from: string;
  /** Where the branch of the remote is; empty when it is new. */
  old: string;
  /** The newest of them, and how many there are. */
  commits: string[];
  count: number;
}

export interface ReposDeps {
  box: Box;
  thread: ThreadId;
  signal: AbortSignal;
  progress(line: string): void;
  now: Clock;
  /** Folder of all repos in the box. */
  root?: string;
}

/** The repos of one box, seen from one thread, whose worktree nobody else works in. */
export class Repos {
  readonly #deps: ReposDeps;
  readonly #root: string;

  constructor(deps: ReposDeps) {
    this.#deps = deps;
    this.#root = deps.root ?? "/workspace/repos";
    if (deps.box.kind === "simulated") {
      throw new KernelError("computer.unsupported", "The simulated shell has no git: a repo needs a real computer.");
    }
  }

  /** Clones a repo that is not there yet, and gives the thread its worktree. */
  async open(name: string, source: string | null): Promise<OpenRepo> {
    const place = await this.#place(name);
    const url = source === null ? "" : remoteOf(source);
    const answer = await this.#run(scripts.openScript, [place.clone, place.tree, place.branch, url]);
    if (answer.has("missing")) throw missing(name);
    return opened(place, answer);
  }

  /** Unpacks an archive as a new repo. */
  async import(name: string, archive: { name: string; bytes: Uint8Array }): Promise<OpenRepo> {
    const place = await this.#place(name);
    const suffix = /\.(zip|tgz|tar|tar\.gz|tar\.bz2|tar\.xz)$/i.exec(archive.name)?.[0];
    if (suffix === undefined) {
      throw new KernelError("file.unsupported", `${archive.name} is no archive: .zip, .tar, .tar.gz, .tgz are taken.`);
    }
    const path = `${this.#root}/.in/${name}${suffix.toLowerCase()}`;
    await this.#deps.box.write(path, archive.bytes);
    const answer = await this.#run(scripts.importScript, [place.clone, place.tree, place.branch, path]);
    if (answer.has("exists"))
      throw new KernelError(
        "repo.taken",
        `There is a repo named ${name} already. Open it by name, or give another name.`,
      );
    return opened(place, answer);
  }

  /** What is not committed yet, told by what the ids hold. */
  async changes(name: string): Promise<Changes> {
    const place = await this.#place(name);
    const { answer, given } = await this.#given(scripts.diffScript, [place.tree]);
    const [head, tree] = [answer.id("head"), answer.id("tree")];
    if (answer.has("missing") || head === null || tree === null) throw missing(name);
    const objects = await Objects.read(given, idCharsOf(head));
    const diff = await shownDiff(objects, treeOf(objects, head), tree, idCharsOf(head));
    return { head, tree, branch: place.branch, ...diff };
  }

  /** Commits exactly the tree that was shown. The commit's id is ours: it is known before git is told to make it. */
  async commit(name: string, pinned: { head: string; tree: string }, message: string, author: string): Promise<string> {
    const place = await this.#place(name);
    const { head, tree } = await this.changes(name);
    if (head !== pinned.head || tree !== pinned.tree) throw moved(name);
    const text = commitText({ tree, parent: head, author, message, at: this.#deps.now() });
    const commit = await objectId("commit", new TextEncoder().encode(text), idCharsOf(head));
    const answer = await this.#run(scripts.commitScript, [place.tree, place.branch, head, tree, commit, text]);
    if (answer.has("moved")) throw moved(name);
    if (answer.id("commit") !== commit) throw missing(name);
    return commit;
  }

  async outgoing(name: string, branch: string): Promise<Outgoing> {
    const place = await this.#place(name);
    const { maxCommits, maxShownCommits } = limits.repo;
    const { answer, given } = await this.#given(
      scripts.outgoingScript,
      [place.clone, place.tree, branch],
      [String(maxCommits)],
    );
    if (answer.has("missing")) throw missing(name);
    if (answer.text("remote") === "")
      throw new KernelError("repo.failed", `${name} was not cloned from anywhere, so there is nowhere to push to.`);
    if (answer.has("behind"))
      throw new KernelError(
        "repo.failed",
        `${branch} of the remote has commits that are not in this. Push to another.`,
      );
    if (answer.has("unrelated"))
      throw new KernelError("repo.failed", `${name} and its remote have no commit in common.`);
    if (answer.has("many"))
      throw new KernelError("limit.output", `These are more than ${maxCommits} commits, more than can be checked.`);
    const [head, there, from] = [answer.id("head"), answer.id("there"), answer.id("from")];
    if (head === null || (there === null) !== (from === null)) throw missing(name);
    const old = answer.id("old") ?? "";
    if (old !== "" && (there !== old || from !== old)) throw corrupt("It does not go on from what the remote has.");
    const objects = await Objects.read(given, idCharsOf(head));
    const { commits, meets } = outgoingRange(objects, head, there);
    if (from !== null && !meets.has(from)) throw corrupt("Its commits do not lead to what the remote has.");
    return {
      remote: remoteOf(answer.text("remote")),
      head,
      from: from ?? "",
      old,
      commits: commits
        .slice(0, maxShownCommits)
        .map(({ id, subject }) => `${id.slice(0, 10)} ${subject.slice(0, 200)}`),
      count: commits.length,
      ...(await shownDiff(
        objects,
        from === null ? null : treeOf(objects, from),
        treeOf(objects, head),
        idCharsOf(head),
      )),
    };
  }

  /** Pushes exactly the commit that was shown, to a branch. Never by force. */
  async push(name: string, pinned: Pick<Outgoing, "remote" | "head" | "old">, branch: string): Promise<void> {
    const place = await this.#place(name);
    const args = [place.clone, remoteOf(pinned.remote), pinned.head, branch, pinned.old];
    const answer = await this.#run(scripts.pushScript, args);
    if (!answer.has("pushed")) throw moved(name);
  }

  /** Takes the thread's commits into the clone's own branch; the worktree is gone then. */
  async merge(name: string): Promise<{ base: string; head: string }> {
    const place = await this.#place(name);
    const answer = await this.#run(scripts.mergeScript, [place.clone, place.tree, place.branch]);
    if (answer.has("missing")) throw missing(name);
    if (answer.has("dirty"))
      throw new KernelError("repo.dirty", "There are changes that are not committed. Commit or discard them first.");
    if (answer.has("conflicts")) {
      const files = answer.all("conflict").join(", ");
      throw new KernelError(
        "repo.conflict",
        `It does not merge by itself: ${files || "git names no file"}. Nothing was changed.`,
      );
    }
    return { base: answer.text("base"), head: answer.id("head") ?? "" };
  }

  /** Removes the thread's worktree and branch, when they are still what was shown. */
  async discard(name: string, pinned: { head: string; tree: string }): Promise<void> {
    const place = await this.#place(name);
    const args = [place.clone, place.tree, place.branch, pinned.head, pinned.tree];
    const answer = await this.#run(scripts.discardScript, args);
    if (answer.has("missing")) throw missing(name);
    if (!answer.has("gone")) throw moved(name);
  }

  #place(name: string): Promise<RepoPlace> {
    return placeOf(this.#root, name, this.#deps.thread);
  }

  /** A script that writes objects to a file, which is read whole: what is decided about must be all of it. */
  async #given(script: string, before: string[], after: string[] = []): Promise<{ answer: Answer; given: Uint8Array }> {
    const { box } = this.#deps;
    const { maxObjectBytes } = limits.repo;
    const out = `${this.#root}/.objects/${crypto.randomUUID()}`;
    const answer = await this.#run(script, [...before, out, String(maxObjectBytes), ...after]);
    if (answer.has("large")) throw tooLarge(`What has changed is larger than ${maxObjectBytes / 1024 / 1024} MB`);
    if (!answer.has("given")) return { answer, given: new Uint8Array() };
    try {
      return { answer, given: (await box.read(out)) ?? new Uint8Array() };
    } finally {
      await box.remove(out).catch(() => undefined);
    }
  }

  async #run(script: string, args: string[]): Promise<Answer> {
    const { box, signal } = this.#deps;
    const result = await box.exec({
      command: scripted(script, args),
      session: "repos",
      timeoutMs: limits.computer.maxCommandMs,
      onOutput: (stream, text) => {
        if (stream === "stderr" && text.trim() !== "") this.#deps.progress(text.trim());
      },
      signal,
    });
    if (result.exitCode !== 0) {
      const why = result.limits[0] ?? lastLine(result.stderr) ?? `git ended with ${result.exitCode}`;
      throw new KernelError("repo.failed", `Git could not do that: ${why.slice(0, 500)}`);
    }
    return new Answer(result.stdout);
  }
}

const lastLine = (text: string) => text.trim().split("\n").at(-1) || undefined;

function opened(place: RepoPlace, answer: Answer): OpenRepo {
  if (answer.has("empty")) throw new KernelError("repo.failed", "There is nothing in it: not one commit or file.");
  return {
    path: place.tree,
    branch: place.branch,
    base: answer.text("base"),
    head: answer.id("head") ?? "",
    files: Number(answer.text("files")),
  };
}

const missing = (name: string) =>
  new KernelError("repo.not_found", `This thread has no worktree of ${name}. Open it first with repo_open.`);
const moved = (name: string) =>
  new KernelError("approval.changed", `${name} has changed since this was approved, so nothing was done. Ask again.`);

import { RpcTarget } from "capnweb";
import { basename } from "node:path";
import type { GitApi } from "./api-types.ts";
import { idText, milliseconds, pathText, text } from "./check.ts";
import { AgentError, type AgentErrorCode } from "./errors.ts";
import { stamp } from "./feed.ts";
import { HeadTail } from "./head-tail.ts";
import { agentLimits } from "./limits.ts";
import { quote } from "./shell.ts";
import type { Sessions } from "./sessions.ts";

const said: [RegExp, AgentErrorCode][] = [
  [/Remote branch .* not found/i, "GIT_BRANCH_NOT_FOUND"],
  [/Authentication failed|could not read Username|Permission denied/i, "GIT_AUTH_FAILED"],
  [/Could not resolve|unable to access|Connection (refused|timed out)|CONNECT tunnel failed/i, "GIT_NETWORK_ERROR"],
  [/repository .* (not found|does not exist)|not appear to be a git repository/i, "GIT_REPOSITORY_NOT_FOUND"],
];

/** The SDK's error for what git said. */
export const gitErrorCode = (stderr: string): AgentErrorCode =>
  said.find(([pattern]) => pattern.test(stderr))?.[1] ?? "GIT_CLONE_FAILED";

/** The folder git would take: the last name of the address without `.git`. */
export const repoName = (url: string): string =>
  basename(url.replace(/[/\\]+$/, "").replace(/\.git$/, "")).replace(/^.*:/, "");

/** `git` of the SDK. */
export class Git extends RpcTarget implements GitApi {
  readonly #sessions: Sessions;

  constructor(sessions: Sessions) {
    super();
    this.#sessions = sessions;
  }

  async checkout(
    repoUrl: string,
    sessionId: string,
    options: { branch?: string; targetDir?: string; depth?: number; timeoutMs?: number } = {},
  ) {
    const url = text(repoUrl, "repoUrl", agentLimits.maxPathBytes);
    // What begins with a dash is an option to git, and `ext::` runs a program.
    if (!/^(?:https?|ssh|git|file):\/\/[^\s]+$|^[\w.-]+@[\w.-]+:[^\s]+$|^\/[^\0]+$/.test(url))
      throw new AgentError("INVALID_GIT_URL", "Not the address of a repository.", { validationErrors: "repoUrl" });
    const branch = options?.branch === undefined ? undefined : text(options.branch, "branch", 256);
    const depth = options?.depth;
    if (depth !== undefined && !(Number.isInteger(depth) && depth > 0))
      throw new AgentError("VALIDATION_FAILED", "depth is a whole number above zero.");
    const targetDir = this.#sessions.resolve(
      idText(sessionId, "sessionId"),
      options?.targetDir === undefined ? repoName(url) : pathText(options.targetDir, "targetDir"),
    );
    const command = [
      "GIT_TERMINAL_PROMPT=0 git clone -q",
      ...(branch === undefined ? [] : [`--branch=${quote(branch)}`]),
      ...(depth === undefined ? [] : [`--depth=${depth}`]),
      `-- ${quote(url)} ${quote(targetDir)} && git -C ${quote(targetDir)} rev-parse --abbrev-ref HEAD`,
    ].join(" ");
    const output = { stdout: new HeadTail(4096, 4096), stderr: new HeadTail(4096, 4096) };
    const run = await this.#sessions.detached(sessionId, {
      command,
      env: {},
      cwd: undefined,
      onChunk: (stream, chunk) => void output[stream].push(chunk),
    });
    const timer = setTimeout(
      () => run.kill(),
      milliseconds(options?.timeoutMs, agentLimits.cloneMs, agentLimits.cloneMs),
    );
    const { code, signal } = await run.ended;
    clearTimeout(timer);
    if (code !== 0) {
      const stderr = signal === null ? output.stderr.text().trim() : "ended: it took too long";
      throw new AgentError(gitErrorCode(stderr), `git clone failed: ${stderr}`, { repository: url, targetDir, stderr });
    }
    return { success: true, repoUrl: url, branch: output.stdout.text().trim(), targetDir, timestamp: stamp() };
  }
}

import type { SandboxClient } from "@cloudflare/sandbox";

/**
 * What the SDK calls in a box over capnweb. Its interfaces are not exported; its clients, which implement them, are: so
 * the SDK's own types check this program, and an update of the SDK that asks for more fails to compile.
 */
export type CommandsApi = Pick<SandboxClient["commands"], "execute" | "executeStream">;
export type FilesApi = Pick<
  SandboxClient["files"],
  | "readFile"
  | "readFileStream"
  | "writeFile"
  | "writeFileStream"
  | "deleteFile"
  | "renameFile"
  | "moveFile"
  | "mkdir"
  | "listFiles"
  | "exists"
>;
export type ProcessesApi = Pick<
  SandboxClient["processes"],
  | "startProcess"
  | "listProcesses"
  | "getProcess"
  | "killProcess"
  | "killAllProcesses"
  | "getProcessLogs"
  | "streamProcessLogs"
>;
export type PortsApi = Pick<SandboxClient["ports"], "watchPort">;
export type GitApi = Pick<SandboxClient["git"], "checkout">;
export type UtilsApi = Pick<
  SandboxClient["utils"],
  "ping" | "getVersion" | "getCommands" | "createSession" | "deleteSession" | "listSessions"
>;
export type BackupApi = Pick<SandboxClient["backup"], "createArchive" | "restoreArchive" | "uploadParts">;
export type WatchApi = Pick<SandboxClient["watch"], "watch" | "checkChanges">;
export type InterpreterApi = Pick<
  SandboxClient["interpreter"],
  "createCodeContext" | "streamCode" | "runCodeStream" | "listCodeContexts" | "deleteCodeContext"
>;

/** Every part by the name the SDK calls it; `tunnels` has no type in the SDK's clients. */
export interface BoxApi {
  commands: CommandsApi;
  files: FilesApi;
  processes: ProcessesApi;
  ports: PortsApi;
  git: GitApi;
  utils: UtilsApi;
  backup: BackupApi;
  watch: WatchApi;
  interpreter: InterpreterApi;
}

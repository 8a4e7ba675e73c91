import { askPerson } from "./ask_person.ts";
import { computerBash } from "./computer_bash.ts";
import { computerClosePort } from "./computer_close_port.ts";
import { computerDestroy } from "./computer_destroy.ts";
import { computerExposePort } from "./computer_expose_port.ts";
import { computerList } from "./computer_list.ts";
import { computerProcess } from "./computer_process.ts";
import { computerRestore } from "./computer_restore.ts";
import { computerSnapshot } from "./computer_snapshot.ts";
import { computerUse } from "./computer_use.ts";
import { deleteFile } from "./delete_file.ts";
import { execCode } from "./exec_code.ts";
import { findFiles } from "./find_files.ts";
import { listFiles } from "./list_files.ts";
import { moveFile } from "./move_file.ts";
import { postFile } from "./post_file.ts";
import { processAttachment } from "./process_attachment.ts";
import { publishSite } from "./publish_site.ts";
import { readFile } from "./read_file.ts";
import { repoCommit } from "./repo_commit.ts";
import { repoDiff } from "./repo_diff.ts";
import { repoDiscard } from "./repo_discard.ts";
import { repoMerge } from "./repo_merge.ts";
import { repoOpen } from "./repo_open.ts";
import { repoPush } from "./repo_push.ts";
import type { ToolDefinition } from "./types.ts";
import { writeFile } from "./write_file.ts";

/** Every tool there is, in the order the model is told of them. */
export const tools: readonly ToolDefinition[] = [
  readFile,
  writeFile,
  listFiles,
  findFiles,
  moveFile,
  deleteFile,
  execCode,
  computerBash,
  computerProcess,
  computerUse,
  computerList,
  computerExposePort,
  computerClosePort,
  computerSnapshot,
  computerRestore,
  computerDestroy,
  repoOpen,
  repoDiff,
  repoCommit,
  repoPush,
  repoMerge,
  repoDiscard,
  processAttachment,
  postFile,
  publishSite,
  askPerson,
];

const byName = new Map(tools.map((tool) => [tool.name, tool]));
export const toolByName = (name: string): ToolDefinition | undefined => byName.get(name);

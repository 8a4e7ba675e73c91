import type { ComponentChildren } from "preact";
import { Icon } from "../parts/icons.tsx";
import { Code, Link, Rich } from "../parts/rich.tsx";
import { safeUrl } from "../text/links.ts";
import { list, record, str, type Json } from "../text/json.ts";
import { parseMarkdown } from "../text/markdown.ts";
import { unescape } from "../text/mrkdwn-inline.ts";
import { parseRichText } from "../text/rich-text.ts";

export type TaskStatus = "pending" | "in_progress" | "complete" | "error";
const words: Record<TaskStatus, string> = {
  pending: "Waiting",
  in_progress: "Working",
  complete: "Done",
  error: "Failed",
};

const statusOf = (value: string): TaskStatus => (value in words ? (value as TaskStatus) : "pending");

export interface TaskParts {
  id: string;
  title: string;
  status: TaskStatus;
  /** Text as the stream brings it; a blocks version has it drawn already. */
  details: string | ComponentChildren;
  output: string | ComponentChildren;
}

/** A step of the agent's work. What has one line is said in words; what has more is a log. */
export function Task({ task }: { task: TaskParts }) {
  const { status } = task;
  return (
    <div class={`task ${status}`} data-testid="task-card" data-status={status} data-task={task.id}>
      <span class="task-icon" role="img" aria-label={words[status]} title={words[status]}>
        {status === "in_progress" ? (
          <span class="spinner" />
        ) : (
          <Icon name={status === "complete" ? "check" : status === "error" ? "cross" : "pause"} size={13} />
        )}
      </span>
      <div class="task-body">
        <div class="task-title">{task.title || "Step"}</div>
        {typeof task.details === "string" ? (
          <Details text={task.details} live={status === "in_progress"} />
        ) : (
          task.details
        )}
        {typeof task.output === "string" ? <Output text={task.output} failed={status === "error"} /> : task.output}
      </div>
    </div>
  );
}

function Details({ text, live }: { text: string; live: boolean }) {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  if (!trimmed.includes("\n") && !trimmed.startsWith("```")) {
    return (
      <div class="task-details">
        <Rich flow={parseMarkdown(trimmed)} />
      </div>
    );
  }
  const log = unescape(trimmed.replace(/^```[a-z]*\n?|\n?```$/g, ""));
  return (
    <pre class="task-log" tabIndex={0} aria-label="Log" ref={(pre) => stick(pre, live)}>
      {log}
    </pre>
  );
}

/** A log that grows shows its end. */
const stick = (pre: HTMLPreElement | null, live: boolean) => {
  if (pre !== null && live) pre.scrollTop = pre.scrollHeight;
};

function Output({ text, failed }: { text: string; failed: boolean }) {
  const trimmed = text.trim().replace(/^```[a-z]*\n?|\n?```$/g, "");
  if (trimmed === "") return null;
  const count = trimmed.split("\n").length;
  if (count === 1 && trimmed.length <= 200) {
    return (
      <div class={failed ? "task-details bad" : "task-details"}>
        <Rich flow={parseMarkdown(trimmed)} />
      </div>
    );
  }
  return (
    <details class="task-output" open={failed}>
      <summary>Output{count > 1 ? ` · ${count} lines` : ""}</summary>
      <Code text={unescape(trimmed)} />
    </details>
  );
}

const drawn = (value: unknown): string | ComponentChildren =>
  typeof value === "string" ? value : <Rich flow={parseRichText(record(value))} />;

export function TaskBlock({ block }: { block: Json }) {
  const sources = list(block, "sources").map(record);
  return (
    <div class="tasks">
      <Task
        task={{
          id: str(block, "task_id"),
          title: str(block, "title"),
          status: statusOf(str(block, "status")),
          details: drawn(block["details"] ?? ""),
          output: drawn(block["output"] ?? ""),
        }}
      />
      {sources.map((source, i) => {
        const url = safeUrl(str(source, "url"));
        return url === null ? null : (
          <div class="task-source" key={i}>
            <Link url={url}>{str(source, "text") || url}</Link>
          </div>
        );
      })}
    </div>
  );
}

export function PlanBlock({ block }: { block: Json }) {
  const tasks = list(block, "tasks").map(record);
  const done = tasks.filter((task) => str(task, "status") === "complete").length;
  return (
    <section class="plan" aria-label={str(block, "title") || "Plan"}>
      <div class="plan-title">
        {str(block, "title") || "Plan"}
        <span class="plan-count">
          {done} of {tasks.length}
        </span>
      </div>
      {tasks.map((task, i) => (
        <TaskBlock key={str(task, "task_id") || i} block={task} />
      ))}
    </section>
  );
}

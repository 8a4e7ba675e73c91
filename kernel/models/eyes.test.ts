import { expect, it } from "vitest";
import { hasEyes } from "./eyes.ts";

it.each([
  "claude-sonnet-5-5",
  "claude-3-haiku-20240307",
  "gpt-4o-mini",
  "gpt-4.1",
  "gpt-5.5",
  "gpt-6-astra",
  "o3-2025-04-16",
  "llava:13b",
  "qwen2.5vl:7b",
  "qwen2.5-vl-72b",
  "qwen3-vl:8b",
  "qwen-vl-max",
  "gemma3:12b",
  "google/gemma-3-27b-it",
  "llama3.2-vision",
  "anthropic/claude-sonnet-4-5",
])("%s has eyes", (model) => {
  expect(hasEyes(model)).toBe(true);
});

it.each([
  "claude-2.1",
  "gpt-3.5-turbo",
  "gpt-4o-audio-preview",
  "o3-mini",
  "gemma3:1b",
  "qwen3:8b",
  "llama3.2",
  "phi4",
])("%s has none", (model) => {
  expect(hasEyes(model)).toBe(false);
});

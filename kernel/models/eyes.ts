/*
 * Which models take pictures, by the start of their name. Providers have no call that tells, so this is a table; a
 * name that is not in it is taken to be blind, and MODEL_EYES overrides.
 */
const blind = [
  /^claude-(2|instant)/,
  /^gpt-4o.*-(audio|transcribe|tts|search|realtime)/,
  /^o[13]-mini/,
  /^gemma3:(1b|270m)/,
  /^gemma-3-(1b|270m)/,
];

const seeing = [
  /^claude/,
  /^(chat)?gpt-(4o|4\.1|4\.5|4-turbo|[5-9])/,
  /^o[134](-|$)/,
  /^gemini/,
  /^gemma-?[3-9]/,
  /^(bak)?llava/,
  /^qwen[\d.]*-?vl/,
  /^qwen-vl/,
  /^qwen3\.5/,
  /^llama-?3\.2-vision/,
  /^llama-?4/,
  /^minicpm-v/,
  /^moondream/,
  /^pixtral/,
  /^mistral-small-?3\.[12]/,
  /^granite[\d.]*-vision/,
  /^grok-([4-9]|.*vision)/,
];

/** Whether a model of this name is known to take pictures. A vendor in front (`google/gemma-3-27b`) is not looked at. */
export function hasEyes(model: string): boolean {
  const name = model.slice(model.lastIndexOf("/") + 1).toLowerCase();
  return !blind.some((pattern) => pattern.test(name)) && seeing.some((pattern) => pattern.test(name));
}

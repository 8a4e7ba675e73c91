/*
 * Stands in the Worker for packages that Think and agents import for what nothing here does (`alias` in wrangler.jsonc):
 * models named by a string of Workers AI, messengers of its own, and e-mail. Whoever came to need one is told at once.
 */
const absent = (what: string) => (): never => {
  throw new Error(`${what} is not in this Worker: see "alias" in wrangler.jsonc`);
};

export const createWorkersAI = absent("workers-ai-provider");
export const anthropic = absent("workers-ai-provider/anthropic");
export const openai = absent("workers-ai-provider/openai");
export const Chat = absent("chat");
export const Message = absent("chat");
export const ThreadImpl = absent("chat");
export const createMimeMessage = absent("mimetext");

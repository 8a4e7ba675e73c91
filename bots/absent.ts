/*
 * Stands in the Worker for a package that `agents` imports for what nothing here does (`alias` in wrangler.jsonc): e-mail.
 * Whoever came to need it is told at once.
 */
export const createMimeMessage = (): never => {
  throw new Error('mimetext is not in this Worker: see "alias" in wrangler.jsonc');
};

/** Lets other requests of the object go first, and lets the clock move (it stands still between I/O on Cloudflare). */
export const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/**
 * Lets other requests go first: a timer is looked at only together with the sockets, so what has come in meanwhile gets
 * its turn. And it lets the clock move, which stands still between I/O on Cloudflare.
 */
export const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

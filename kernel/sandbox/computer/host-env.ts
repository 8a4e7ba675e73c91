import { z } from "zod";
import { KernelError } from "../../errors.ts";

const HostEnv = z.object({
  COMPUTER_REASON: z.string().optional(),
  COMPUTER_HOST_URL: z.url({ protocol: /^http$/, hostname: /^127\.0\.0\.1$/ }).optional(),
  COMPUTER_HOST_TOKEN: z.string().min(32).optional(),
});

/**
 * Where the host of jails is, as `npm start` says it; null where there is none.
 * @throws KernelError config.invalid
 */
export function readHostEnv(env: object): { url: string; token: string } | null {
  const read = HostEnv.safeParse(env);
  if (!read.success)
    throw new KernelError(
      "config.invalid",
      "COMPUTER_HOST_URL and COMPUTER_HOST_TOKEN are set by npm start and by nobody else; remove them.",
    );
  const { COMPUTER_HOST_URL: url, COMPUTER_HOST_TOKEN: token } = read.data;
  return url === undefined || token === undefined ? null : { url, token };
}

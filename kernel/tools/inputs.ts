import { z } from "zod";
import { limits } from "../limits.ts";

/** Fields that several tools take; the tree itself checks what a path holds. */
export const pathInput = z
  .string()
  .min(1)
  .max(limits.files.maxPathBytes)
  .describe("Path of a file. It starts with home/, uploads/, sites/ or thread/, for example home/notes.md.");

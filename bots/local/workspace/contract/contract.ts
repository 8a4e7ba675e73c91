import { z } from "zod";
import methods from "./methods.json" with { type: "json" };
import { servedMethods, type ServedMethod } from "./served.ts";

/** The part of a JSON schema that Slack's reference uses. */
export interface ArgumentSchema {
  type?: string | string[] | undefined;
  subtype?: string | undefined;
  anyOf?: ArgumentSchema[] | undefined;
  allOf?: ArgumentSchema[] | undefined;
  enum?: string[] | undefined;
  items?: ArgumentSchema | undefined;
  required?: string[] | undefined;
  properties?: Record<string, ArgumentSchema> | undefined;
  minimum?: number | undefined;
  maximum?: number | undefined;
  minItems?: number | undefined;
  maxItems?: number | undefined;
  minLength?: number | undefined;
  maxLength?: number | undefined;
}
const ArgumentSchema: z.ZodType<ArgumentSchema> = z.lazy(() =>
  z.object({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    subtype: z.string().optional(),
    anyOf: z.array(ArgumentSchema).optional(),
    allOf: z.array(ArgumentSchema).optional(),
    enum: z.array(z.string()).optional(),
    items: ArgumentSchema.optional(),
    required: z.array(z.string()).optional(),
    properties: z.record(z.string(), ArgumentSchema).optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    minItems: z.number().optional(),
    maxItems: z.number().optional(),
    minLength: z.number().optional(),
    maxLength: z.number().optional(),
  }),
);

const MethodContract = z.object({
  /** t1 1, t2 20, t3 50, t4 100 a minute; t5 the method's own rule. */
  tier: z.enum(["t1", "t2", "t3", "t4", "t5"]),
  /** Any one of these is enough. */
  scopes: z.array(z.string()),
  /** Whether a JSON body is understood; otherwise only a form is. */
  json: z.boolean(),
  required: z.array(z.string()),
  properties: z.record(z.string(), ArgumentSchema),
  errors: z.array(z.string()),
});
export type MethodContract = z.infer<typeof MethodContract>;

const parsed = z.record(z.string(), MethodContract).parse(methods);

/** The published contract of a method, or null when it is not served. */
export const contractOf = (method: string): MethodContract | null =>
  servedMethods.includes(method as ServedMethod) ? (parsed[method] ?? null) : null;

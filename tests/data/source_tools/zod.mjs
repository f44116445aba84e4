import { z } from "zod";

const Queue = z.enum(["sales", "support"]).describe("Where it belongs.");

const route = z.object({
  queue: Queue,
  limit: z.number().int().min(1).max(20).default(3),
  tags: z.array(z.string()).min(1).optional().describe("Labels."),
  who: z.string().nullable(),
  rate: z.number().nonnegative(),
});

const search = z.object({
  query: z.string().min(2).max(200),
  kind: z.union([z.literal("a"), z.literal("b")]),
  deep: z.object({ on: z.boolean(), at: z.number().optional() }),
  both: z.object({ one: z.string() }).extend({ two: z.number() }),
  list: z.string().array(),
});

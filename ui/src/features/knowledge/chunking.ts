/** Between the fields of a chunking, which are texts, and the chunking as it is sent. */
import type { Chunking, Strategy } from "../../api/collections";
import { knowledgeText } from "../../lib/words/knowledge";

export interface ChunkingFields {
  strategy: Strategy;
  size: string;
  overlap: string;
}

export const STRATEGIES: Strategy[] = ["structure", "tokens", "fixed", "none"];

export const USUAL: ChunkingFields = { strategy: "structure", size: "220", overlap: "40" };

export const chunkingFields = ({ strategy, size, overlap }: Chunking): ChunkingFields => ({
  strategy: strategy ?? "structure",
  size: String(size ?? USUAL.size),
  overlap: String(overlap ?? USUAL.overlap),
});

export const chunkingOf = ({ strategy, size, overlap }: ChunkingFields): Chunking => ({
  strategy,
  size: Number(size),
  overlap: Number(overlap),
});

export function toldChunking(chunking: Chunking): string {
  const words = knowledgeText.chunking;
  const { strategy, size, overlap } = chunkingFields(chunking);
  const name = words.strategies[strategy];
  return strategy === "none" ? name : words.told(name, Number(size), Number(overlap));
}

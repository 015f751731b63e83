/** Diagrams; loaded with the first one. */
import { createMermaidPlugin } from "@streamdown/mermaid";

export const diagrams = createMermaidPlugin({ config: { securityLevel: "strict" } });

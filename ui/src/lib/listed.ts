/** What somebody typed between commas, each once. */
export function listed(typed: string): string[] {
  const parts = typed.split(",").map((part) => part.trim());
  return [...new Set(parts)].filter(Boolean);
}

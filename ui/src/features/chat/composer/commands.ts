/** What begins with a slash: commands, found by their beginning. */
export interface Command {
  name: string;
  about: string;
  run: (rest: string) => void;
}

/** What was typed of a command, as long as nothing else was typed. */
export function typedCommand(said: string): { name: string; rest: string } | null {
  const match = said.match(/^\/([a-z]*)(?:\s+([\s\S]*))?$/i);
  if (!match) return null;
  return { name: (match[1] ?? "").toLowerCase(), rest: (match[2] ?? "").trim() };
}

export function matching(commands: readonly Command[], said: string): Command[] {
  const typed = typedCommand(said);
  if (!typed) return [];
  const isWhole = /\s/.test(said);
  return commands.filter(({ name }) =>
    isWhole ? name === typed.name : name.startsWith(typed.name),
  );
}

/** What people call a language, and the grammar that it means. */
const GRAMMARS = [
  "bash c csharp css diff docker go graphql hcl html ini java javascript json kotlin markdown",
  "php python r ruby rust sql swift toml tsx typescript xml yaml",
]
  .join(" ")
  .split(" ");

const ALIASES: Record<string, string> = {
  "c#": "csharp",
  console: "bash",
  cpp: "c",
  "c++": "c",
  dockerfile: "docker",
  js: "javascript",
  jsonc: "json",
  jsx: "tsx",
  md: "markdown",
  patch: "diff",
  properties: "ini",
  py: "python",
  rb: "ruby",
  rs: "rust",
  sh: "bash",
  shell: "bash",
  svg: "xml",
  terraform: "hcl",
  tf: "hcl",
  ts: "typescript",
  yml: "yaml",
  zsh: "bash",
};

export const languageNames = [...GRAMMARS, ...Object.keys(ALIASES)];

export function grammarOf(name: string): string | null {
  const asked = name.toLowerCase();
  const grammar = ALIASES[asked] ?? asked;
  return GRAMMARS.includes(grammar) ? grammar : null;
}

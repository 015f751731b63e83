/** Rewrites the maths that models write as \( \) and \[ \] to what our reader of maths knows. */
const CODE =
  /(^ {0,3}(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^ {0,3}\2[`~]*[ \t]*$|(?![\s\S]))|(`+)(?!`)[\s\S]*?[^`]\3(?!`))/m;
const INLINE = /\\\(([\s\S]+?)\\\)/g;
const BLOCK = /\\\[([\s\S]+?)\\\]/g;

export function prepared(markdown: string): string {
  if (!markdown.includes("\\(") && !markdown.includes("\\[")) return markdown;
  const parts: string[] = [];
  let rest = markdown;
  for (let code = CODE.exec(rest); code; code = CODE.exec(rest)) {
    parts.push(withMaths(rest.slice(0, code.index)), code[0]);
    rest = rest.slice(code.index + code[0].length);
  }
  return [...parts, withMaths(rest)].join("");
}

const withMaths = (prose: string) =>
  prose
    .replace(INLINE, (_, formula: string) => `$$${formula.trim()}$$`)
    .replace(BLOCK, (_, formula: string) => `\n\n$$\n${formula.trim()}\n$$\n\n`);

export const hasMaths = (markdown: string) => markdown.includes("$$");
export const hasDiagram = (markdown: string) => /^ {0,3}(`{3,}|~{3,})mermaid\b/m.test(markdown);

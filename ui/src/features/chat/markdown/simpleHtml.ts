/** The few HTML tags that models write into Markdown; any other tag is shown as it was written.
 *
 * It stands in for a whole parser of HTML, which would be a third of all that a chat loads.
 */
interface Node {
  type: string;
  value?: string;
  tagName?: string;
  properties?: Record<string, unknown>;
  children?: Node[];
}

const PAIRS = new Set([
  "b",
  "del",
  "em",
  "i",
  "ins",
  "kbd",
  "mark",
  "s",
  "strong",
  "sub",
  "sup",
  "u",
]);
const TAG = /^<(\/?)([a-z]+)\s*(\/?)>$/i;
const COMMENT = /^<!--[\s\S]*?-->$/;

export default function simpleHtml() {
  return (tree: Node): void => within(tree);
}

function within(parent: Node): void {
  if (!parent.children) return;
  parent.children = built(parent.children);
  for (const child of parent.children) within(child);
}

/** Puts what stands between two tags into the element that they mean. */
function built(children: readonly Node[]): Node[] {
  const nest = new Nest();
  for (const child of children) {
    const tag = tagOf(child);
    if (tag?.isOpening) nest.open(tag.name);
    else if (!tag || !nest.close(tag.name)) nest.add(plain(child));
  }
  return nest.whole();
}

class Nest {
  private list: Node[] = [];
  private readonly opened: { name: string; before: Node[] }[] = [];

  add(nodes: Node[]): void {
    this.list.push(...nodes);
  }

  open(name: string): void {
    this.opened.push({ name, before: this.list });
    this.list = [];
  }

  /** Tells whether it closed what was opened last. */
  close(name: string): boolean {
    const last = this.opened.at(-1);
    if (last?.name !== name) return false;
    this.opened.pop();
    this.list = [...last.before, { ...element(name), children: this.list }];
    return true;
  }

  /** What was never closed, as while an answer still comes, holds all that follows. */
  whole(): Node[] {
    for (let last = this.opened.at(-1); last; last = this.opened.at(-1)) this.close(last.name);
    return this.list;
  }
}

function tagOf({ type, value = "" }: Node): { name: string; isOpening: boolean } | null {
  const match = type === "raw" ? value.trim().match(TAG) : null;
  const name = match?.[2]?.toLowerCase() ?? "";
  return match && PAIRS.has(name) ? { name, isOpening: match[1] === "" } : null;
}

const element = (tagName: string): Node => ({
  type: "element",
  tagName,
  properties: {},
  children: [],
});

function plain(node: Node): Node[] {
  if (node.type !== "raw") return [node];
  const value = (node.value ?? "").trim();
  if (COMMENT.test(value)) return [];
  if (/^<br\s*\/?>$/i.test(value)) return [element("br")];
  return [{ type: "text", value: node.value ?? "" }];
}

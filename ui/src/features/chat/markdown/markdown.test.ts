import { expect, test } from "vitest";
import { Highlighter } from "./highlighter";
import { languageNames } from "./languageNames";
import { LANGUAGES } from "./languages";
import { hasDiagram, hasMaths, prepared } from "./prepare";
import simpleHtml from "./simpleHtml";

test("maths as models write it becomes maths, and money stays money", () => {
  expect(prepared("It is \\(x^2\\), for $5 and $10.")).toBe("It is $$x^2$$, for $5 and $10.");
  expect(prepared("\\[ a\n= b \\]")).toBe("\n\n$$\na\n= b\n$$\n\n");
  expect(hasMaths(prepared("$5 and $10"))).toBe(false);
});

test("code is left as it is, also while it isn't closed yet", () => {
  const inline = "`\\(x\\)` and \\(y\\)";
  expect(prepared(inline)).toBe("`\\(x\\)` and $$y$$");
  const fenced = "\\(a\\)\n```tex\n\\(b\\)\n```\n\\(c\\)";
  expect(prepared(fenced)).toBe("$$a$$\n```tex\n\\(b\\)\n```\n$$c$$");
  const growing = "~~~\n\\[ still code";
  expect(prepared(`${growing} \\]`)).toBe(`${growing} \\]`);
});

test("a diagram is a block of its own language", () => {
  expect(hasDiagram("```mermaid\ngraph LR")).toBe(true);
  expect(hasDiagram("I like mermaids")).toBe(false);
});

test("every language that is offered has a grammar", () => {
  const grammars = languageNames.filter((name) => name in LANGUAGES);
  expect(new Set(grammars)).toEqual(new Set(Object.keys(LANGUAGES)));
});

const raw = (value: string) => ({ type: "raw", value });
const words = (value: string) => ({ type: "text", value });
const children = (...given: object[]) => {
  const tree = { type: "root", children: given as never[] };
  simpleHtml()(tree);
  return tree.children;
};

test("simple tags hold what stands between them", () => {
  expect(children(words("H"), raw("<sub>"), words("2"), raw("</sub>"), words("O"))).toMatchObject([
    words("H"),
    { tagName: "sub", children: [words("2")] },
    words("O"),
  ]);
  expect(children(raw("<BR/>"))).toMatchObject([{ tagName: "br" }]);
  expect(children(raw("<b>"), words("grows"))).toMatchObject([{ tagName: "b" }]);
});

test("any other tag, and one with attributes, is words", () => {
  const script = "<script>alert(1)</script>";
  const image = '<b onclick="x()">';
  expect(children(raw(script), raw(image), raw("</i>"))).toEqual([
    words(script),
    words(image),
    words("</i>"),
  ]);
  expect(children(raw("<!-- hidden -->"))).toEqual([]);
});

class FakeWorker {
  asked: { id: number; code: string }[] = [];
  onmessage: (event: { data: unknown }) => void = () => {};
  onerror: () => void = () => {};
  postMessage = (request: { id: number; code: string }) => void this.asked.push(request);
}

function colouring() {
  const worker = new FakeWorker();
  const highlighter = new Highlighter(() => worker as unknown as Worker);
  const themes: [string, string] = highlighter.getThemes();
  const ask = (code: string, language = "python") => {
    const came: unknown[] = [];
    const now = highlighter.highlight({ code, language, themes }, (result) => came.push(result));
    return { now, came };
  };
  return { worker, ask };
}

test("code is coloured by the worker once, and known the next time", () => {
  const { worker, ask } = colouring();
  const first = ask("x = 1");
  expect(first.now).toBeNull();
  const tokens = [[{ content: "x = 1", color: "red" }]];
  worker.onmessage({ data: { id: worker.asked[0]?.id, tokens } });
  expect(first.came).toEqual([{ tokens }]);
  expect(ask("x = 1").now).toEqual({ tokens });
  expect(worker.asked).toHaveLength(1);
});

test("a block is told even where no colours come", () => {
  const { worker, ask } = colouring();
  const refused = ask("a\nb");
  worker.onmessage({ data: { id: worker.asked[0]?.id, tokens: null } });
  expect(refused.came).toEqual([{ tokens: [[{ content: "a" }], [{ content: "b" }]] }]);
  const broken = ask("c");
  worker.onerror();
  expect(broken.came).toHaveLength(1);
  expect(ask("anything", "klingon").now).toEqual({ tokens: [[{ content: "anything" }]] });
});

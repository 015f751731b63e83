/** Colours for code, asked of a worker: what is known at once, anything else when it comes. */
import type { CodeHighlighterPlugin, HighlightOptions, HighlightResult } from "streamdown";
import { type Coloured, type ColourRequest, THEMES } from "./colouring";
import { grammarOf, languageNames } from "./languageNames";

type Take = (result: HighlightResult) => void;

const MOST_KEPT = 200;

/** Code as it is; also what a reader sees until its colours come. */
const plain = (code: string): HighlightResult => ({
  tokens: code.split("\n").map((line) => [{ content: line }]),
});

export class Highlighter implements CodeHighlighterPlugin {
  readonly name = "shiki";
  readonly type = "code-highlighter";
  private readonly kept = new Map<string, HighlightResult>();
  private readonly waiting = new Map<number, (coloured: Coloured) => void>();
  private worker: Worker | null = null;
  private asked = 0;

  constructor(private readonly begin: () => Worker) {}

  getSupportedLanguages = () => languageNames;
  supportsLanguage = (language: string) => grammarOf(language) !== null;
  getThemes = (): [string, string] => [...THEMES];

  /** Always answers: a block that is never told of its colours would stay at its first words. */
  highlight({ code, language, isIncomplete }: HighlightOptions, take?: Take) {
    const grammar = grammarOf(language);
    if (!grammar) return plain(code);
    const key = `${grammar}\n${code}`;
    const known = this.kept.get(key);
    if (known) return known;
    this.colour({ id: ++this.asked, code, language: grammar }, (tokens) => {
      const result = tokens ? { tokens } : plain(code);
      if (!isIncomplete) this.keep(key, result);
      take?.(result);
    });
    return null;
  }

  private colour(request: ColourRequest, take: (tokens: Coloured["tokens"]) => void): void {
    this.worker ??= this.hired();
    this.waiting.set(request.id, ({ tokens }) => take(tokens));
    this.worker.postMessage(request);
  }

  private hired(): Worker {
    const worker = this.begin();
    worker.onmessage = ({ data }: MessageEvent<Coloured>) => {
      this.waiting.get(data.id)?.(data);
      this.waiting.delete(data.id);
    };
    worker.onerror = () => {
      for (const [id, take] of this.waiting) take({ id, tokens: null });
      this.waiting.clear();
    };
    return worker;
  }

  private keep(key: string, result: HighlightResult): void {
    this.kept.set(key, result);
    const oldest = this.kept.keys().next().value;
    if (this.kept.size > MOST_KEPT && oldest !== undefined) this.kept.delete(oldest);
  }
}

export const highlighter = new Highlighter(
  () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }),
);

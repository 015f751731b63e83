/** Colours code beside the page, so that a long answer never holds up a key. */
import { createHighlighterCore, type HighlighterCore } from "shiki/core";
import { createJavaScriptRegexEngine } from "shiki/engine/javascript";
import { type Coloured, type ColourRequest, THEMES, type Token } from "./colouring";
import { LANGUAGES, type Language } from "./languages";

const LONGEST = 100_000;

let highlighter: Promise<HighlighterCore> | undefined;

function begin(): Promise<HighlighterCore> {
  highlighter ??= createHighlighterCore({
    themes: [
      import("shiki/themes/github-light-high-contrast.mjs"),
      import("shiki/themes/github-dark-high-contrast.mjs"),
    ],
    langs: [],
    engine: createJavaScriptRegexEngine({ forgiving: true }),
  });
  return highlighter;
}

async function coloured({ code, language }: ColourRequest): Promise<Token[][] | null> {
  if (code.length > LONGEST) return null;
  const core = await begin();
  if (!core.getLoadedLanguages().includes(language))
    await core.loadLanguage(LANGUAGES[language as Language]());
  const [light, dark] = THEMES;
  const lines = core.codeToTokensWithThemes(code, { lang: language, themes: { light, dark } });
  return lines.map((line) =>
    line.map(({ content, variants }) => ({ content, color: of(variants) })),
  );
}

const of = ({ light, dark }: Record<string, { color?: string }>) =>
  `light-dark(${light?.color ?? "inherit"}, ${dark?.color ?? "inherit"})`;

self.onmessage = async ({ data }: MessageEvent<ColourRequest>) => {
  const tokens = await coloured(data).catch(() => null);
  self.postMessage({ id: data.id, tokens } satisfies Coloured);
};

/** What a text needs besides Markdown itself, loaded when it is needed first. */
import { useEffect, useState } from "react";
import type { PluginConfig } from "streamdown";
import { highlighter } from "./highlighter";
import { hasDiagram, hasMaths } from "./prepare";

let loaded: PluginConfig = { code: highlighter };
const listeners = new Set<() => void>();

const LOADERS = {
  math: async (): Promise<PluginConfig> => ({ math: (await import("./maths")).maths }),
  mermaid: async (): Promise<PluginConfig> => ({ mermaid: (await import("./diagrams")).diagrams }),
};
type Extra = keyof typeof LOADERS;

const begun = new Map<Extra, Promise<void>>();

function load(extra: Extra): void {
  if (begun.has(extra)) return;
  const loading = LOADERS[extra]().then(
    (some) => {
      loaded = { ...loaded, ...some };
      for (const listener of listeners) listener();
    },
    () => void begun.delete(extra), // without it the text is still readable; the next one tries again
  );
  begun.set(extra, loading);
}

export function usePlugins(markdown: string): PluginConfig {
  const [plugins, setPlugins] = useState(loaded);
  const wantsMaths = hasMaths(markdown);
  const wantsDiagram = hasDiagram(markdown);
  useEffect(() => {
    const listener = () => setPlugins(loaded);
    listeners.add(listener);
    listener();
    return () => void listeners.delete(listener);
  }, []);
  useEffect(() => {
    if (wantsMaths) load("math");
    if (wantsDiagram) load("mermaid");
  }, [wantsMaths, wantsDiagram]);
  return plugins;
}

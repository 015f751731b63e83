/** The commands that work on every page. */
import { useNavigate } from "@tanstack/react-router";
import type { Command } from "../lib/commands";
import { text } from "../lib/strings";
import { applyTheme, THEMES } from "../lib/theme";
import { paletteText as words } from "../lib/words/palette";
import { show } from "./overlay";
import { type Place, usePlaces } from "./places";

export function useOwnCommands(newSession: () => void): Command[] {
  const navigate = useNavigate();
  const { own, administration } = usePlaces();
  const going = (group: string) => (place: Place) => ({
    id: `go ${place.to}`,
    name: place.name,
    group,
    run: () => void navigate({ to: place.to }),
  });
  return [
    {
      id: "new",
      name: words.newSession,
      group: words.groups.begin,
      words: words.newSessionWords,
      keys: "Ctrl ⇧ O",
      run: newSession,
    },
    ...own.map(going(words.groups.pages)),
    ...administration.map(going(words.groups.administration)),
    ...THEMES.map((theme) => ({
      id: `theme ${theme}`,
      name: words.theme(text.account.themes[theme]),
      group: words.groups.looks,
      words: words.themeWords,
      run: () => applyTheme(theme),
    })),
    {
      id: "keys",
      name: words.keys,
      group: words.groups.help,
      words: words.keysWords,
      keys: "?",
      run: () => show("keys"),
    },
  ];
}

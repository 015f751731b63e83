/** What the command palette and the sheet of keys say. */
export const paletteText = {
  title: "Find or do anything",
  label: "Command or session",
  placeholder: "Type a command, or words of a session",
  results: "Commands and sessions",
  none: "Nothing found.",
  count: (n: number) => (n === 1 ? "1 result" : `${n} results`),
  searching: "Searching your sessions…",
  failed: "Your sessions can't be searched.",
  groups: {
    begin: "Begin",
    pages: "Go to",
    administration: "Administration",
    looks: "Looks",
    help: "Help",
    sessions: "Sessions",
  },
  newSession: "New session",
  newSessionWords: "chat conversation begin",
  theme: (name: string) => `Theme: ${name.toLowerCase()}`,
  themeWords: "dark light colours switch",
  keys: "Keyboard help",
  keysWords: "shortcuts ?",
  hint: "↑ ↓ to choose, Enter to do it, Esc to leave",
};

export const keysText = {
  title: "Keys",
  close: "Close",
  groups: [
    {
      name: "Everywhere",
      keys: [
        ["Ctrl K or ⌘ K", "Find or do anything"],
        ["Ctrl Shift O or ⌘ ⇧ O", "New session"],
        ["? or Ctrl /", "This sheet"],
        ["Tab", "To the next control; the first press offers to skip to the content"],
        ["Esc", "Close what is open"],
      ],
    },
    {
      name: "In the history",
      keys: [
        ["↑ ↓", "From session to session"],
        ["Home End", "To the first or the last one shown"],
        ["Enter", "Open it"],
        ["Tab", "To its menu: rename, move, export, delete"],
      ],
    },
    {
      name: "In a session",
      keys: [
        ["Enter", "Send the message"],
        ["Shift Enter", "A new line"],
        ["/", "At the start of a message: commands"],
        ["Esc", "Stop the answer"],
        ["Alt End", "Jump to the latest"],
      ],
    },
  ],
  characters: "Open this sheet with ?",
  charactersHint: "Switch it off if you speak to your computer or press keys by accident.",
};

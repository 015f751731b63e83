/** What the chat says of collections, searches and sources. */
import { pages, passages } from "./knowledge";

const count = new Intl.NumberFormat();

export const chatKnowledge = {
  search: {
    running: "Searching your documents…",
    searched: "Searched your documents",
    failed: "The search of your documents failed.",
    found: (collections: number, found: number) => {
      if (found === 0) return "Searched your documents: nothing was found";
      const where = collections === 1 ? "1 collection" : `${count.format(collections)} collections`;
      return `Searched your documents: ${passages(found)} in ${where}`;
    },
    queries: "Searched for",
    passages: "Passages",
    passage: (n: number, name: string) => (n > 0 ? `[${n}] ${name}` : name),
  },

  sources: {
    title: "Sources",
    source: (n: number, name: string) => `[${n}] ${name}`,
    cited: (n: number) => `Source ${n}`,
    pages,
    ordinal: (n: number | null) => (n === null ? "" : `Passage ${count.format(n + 1)}`),
    open: "Open in its collection",
  },

  collections: {
    title: "Collections in this session",
    intro: "The assistant looks for what it needs in these, and says where it found it.",
    none: "There is no collection that you may use. Make one under “Knowledge”.",
    failed: "Your collections can't be shown.",
    find: "Find a collection",
    gone: "It isn't there any more, or you may no longer use it: leave it out.",
    into: "Put files into",
    upload: "Upload…",
    files: "Files for a collection",
    uploads: "On the way into a collection",
    sending: "Uploading…",
    reading: "Being read…",
    isReady: "Ready: ask about it",
    ready: (name: string) => `“${name}” is ready: you can ask about it.`,
    progress: (name: string) => `Progress of ${name}`,
    dismiss: (name: string) => `Dismiss ${name}`,
    chosen: (n: number) => (n === 1 ? "1 collection" : `${count.format(n)} collections`),
    close: "Done",
  },
};

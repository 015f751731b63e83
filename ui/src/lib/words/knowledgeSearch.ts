/** What the page that tries a search says. */
const count = new Intl.NumberFormat();
const exact = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 3 });

export const searchText = {
  title: "Search",
  intro: "Try what a question finds, and see why: by meaning, by words, or by both.",
  question: "Question",
  loading: "Loading collections…",
  failed: "The collections can't be shown.",
  noneTitle: "There is nothing to search yet",
  noneBody: "Make a collection and put documents into it first.",
  toCollections: "To the collections",
  offTitle: "Searching is switched off",
  offBody: "An administrator has switched off that collections are searched. Ask one to allow it.",
  choose: "Choose at least one collection.",
  mode: "Find by",
  modes: { hybrid: "Meaning and words", dense: "Meaning", lexical: "Words" },
  rerank: "Put into order by",
  noRerank: "No further model",
  limit: "Most passages",
  filters: "Only documents that",
  filtersHint: 'As in {"type": "eq", "key": "year", "value": 2024}. Empty: all.',
  filtersWrong: (why: string) => `This isn't JSON: ${why}`,
  filtersObject: 'A condition is an object, as in {"type": "eq", "key": "year", "value": 2024}.',
  search: "Search",
  searching: "Searching…",
  searchFailed: "The search didn't succeed.",
  found: (n: number) => (n === 1 ? "1 passage found" : `${count.format(n)} passages found`),
  hits: "Passages found",
  nothingTitle: "Nothing was found",
  nothingBody: "Ask in other words, in more collections, or with fewer conditions.",
  open: (name: string) => `Open ${name} at this passage`,
  rank: (n: number) => `${count.format(n)}.`,
  score: "Score",
  methods: { dense: "Meaning", lexical: "Words", fused: "Both", rerank: "Reranked" } as Record<
    string,
    string
  >,
  scored: (score: number, rank: number | undefined) =>
    rank === undefined ? exact.format(score) : `${exact.format(score)}, rank ${rank}`,
  number: (n: number) => exact.format(n),
  timings: "Time",
  steps: {
    embed: "Embedding",
    dense: "Meaning",
    lexical: "Words",
    rerank: "Reranking",
    total: "In all",
  } as Record<string, string>,
  seconds: (n: number) => `${count.format(Math.round(n * 1_000))} ms`,
};

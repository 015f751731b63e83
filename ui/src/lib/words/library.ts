/** What the library of models says. */
const count = new Intl.NumberFormat();

export const libraryText = {
  title: "Model library",
  intro: "The models that you may use, and how they are at the moment.",
  loading: "Loading the models…",
  failed: "The models can't be shown.",
  emptyTitle: "No model yet",
  emptyBody: "There is no model that you may use. Ask an administrator.",
  shown: (n: number) => (n === 1 ? "1 model shown" : `${count.format(n)} models shown`),
  label: "Models",
  context: "Context",
  tokens: (n: number) => `${count.format(n)} tokens`,
  longest: "Longest answer",
  features: "Features",
  known: {
    summarization: "summaries",
    imageInput: "reads images",
    toolCalls: "uses tools",
    reasoning: "reasons",
    imageEdit: "edits images",
  } as Record<string, string>,
  wakes: "Starts on the first message. That may take some minutes.",
};

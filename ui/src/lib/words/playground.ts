/** What the playground says. */
const count = new Intl.NumberFormat();

export const playgroundText = {
  title: "Playground",
  intro: "Try a model, and take the same call along as code.",
  loading: "Looking for models…",
  failed: "The models can't be shown.",
  emptyTitle: "There is no model to try yet",
  emptyAdmin: "Add one that runs on a server of yours, or one of a provider. On the command line:",
  emptyOther: "Ask an administrator to add one, or to let you use one.",
  add: "Add a model",
  command: "lisa models add NAME --url URL",
  tabs: "What to try",
  chat: "Chat",
  embeddings: "Embeddings",

  model: "Model",
  system: "System message",
  systemHint: "How it should behave. It may be empty.",
  user: "Your message",
  keys: "Ctrl+Enter sends it.",
  temperature: "Temperature",
  temperatureHint: "Empty: as the model likes.",
  maxTokens: "Most tokens to answer with",
  send: "Send",
  stop: "Stop",
  sleeping: (id: string) => `${id} (sleeps)`,
  asleep: (seconds: number | null) =>
    seconds === null
      ? "It is asleep. The first call wakes it, which may take some minutes."
      : `It is asleep. The first call wakes it; that took about ${duration(seconds)} last time.`,
  starting: "It is starting. You can go on waiting; the answer comes by itself.",
  noneFits: "None of your models does this.",

  answer: "Answer",
  waiting: "Waiting for the first word…",
  answering: "Answering…",
  complete: "The answer is complete.",
  stopped: "Stopped. This is what had come.",
  cut: "It ended at the most tokens.",
  answerFailed: "There is no answer.",
  brokeOff: "The answer broke off.",
  brokeOffNext: "What had come is shown. Send it again, or try another model.",
  firstByte: "First byte",
  total: "In all",
  tokens: "Tokens",
  ms: (n: number) => `${count.format(Math.round(n))} ms`,
  inAndOut: (prompt: number, completion: number) =>
    `${count.format(prompt)} read, ${count.format(completion)} written`,

  input: "Text",
  embed: "Embed",
  vector: "Vector",
  embedded: (n: number) => `A vector of ${count.format(n)} numbers.`,
  embedFailed: "There is no vector.",
  dimensions: "Numbers",
  first: "The first of them",

  code: "The same call as code",
  codeHint: "Put an API token of yours into the variable LISA_TOKEN.",
  curl: "With curl",
  openai: "With the openai package for Python",
  copy: "Copy",
  copied: "Copied.",
  selected: "Selected. Press Ctrl+C or ⌘C to copy it.",
};

const plural = (n: number, what: string) => `${count.format(n)} ${what}${n === 1 ? "" : "s"}`;
const duration = (seconds: number) =>
  seconds < 90
    ? plural(Math.max(1, Math.round(seconds)), "second")
    : plural(Math.round(seconds / 60), "minute");

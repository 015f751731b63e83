/** What the chat says. */
const count = new Intl.NumberFormat();
const short = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 });
const money = new Intl.NumberFormat(undefined, {
  style: "currency",
  currency: "USD",
  maximumSignificantDigits: 3,
});
const decimal = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const seconds = (ms: number) =>
  ms < 1_000 ? `${count.format(Math.round(ms))} ms` : `${decimal.format(ms / 1_000)} s`;

export const chatText = {
  loading: "Loading the session…",
  failed: "This session can't be shown.",
  missingTitle: "Session not found",
  missingBody: "It was deleted, or it never was yours.",
  all: "All sessions",
  conversation: "Conversation",
  emptyTitle: "What can I do for you?",
  emptyBody: "Write below. “/” shows what else you can do.",
  loadingEarlier: "Loading what was said earlier…",
  toLatest: "Jump to the latest",
  you: "You",
  assistant: "Assistant",
  system: "System",

  status: {
    answering: "Answering.",
    done: "Done.",
    stopped: "Stopped.",
    failed: "There is no answer.",
    asking: "A tool waits for your permission.",
    copied: "Copied.",
    selected: "It can't be copied here: select it and press Ctrl+C or ⌘C.",
  },

  states: {
    connecting: "Waiting for the first word…",
    waking: (model: string) =>
      `The model ${model} is starting. You can go on waiting; the answer comes by itself.`,
    stalled: "Nothing has come for a while. Go on waiting, or stop it.",
    stopping: "Stopping…",
    lost: "The connection is lost. The answer goes on without it and is picked up again…",
    unfinished: "This answer is unfinished.",
    offline: "You are offline. What you write is kept.",
    cut: "It ended at the most tokens it may have.",
    cancelled: "You stopped this answer.",
    interrupted: "This answer was interrupted. Try again.",
    failed: "There is no answer.",
    notBegun: "Your message wasn't answered.",
    again: "Try again",
  },

  actions: {
    label: (who: string) => `Actions for what was said by ${who}`,
    copy: "Copy",
    edit: "Edit",
    retry: "Try again",
    delete: "Delete",
    details: "Details",
    branches: "Versions",
    before: "Version before",
    after: "Version after",
    branch: (at: number, all: number) => `${at} / ${all}`,
    deleted: "The message was deleted.",
    undo: "Undo",
    restored: "The message is back.",
    markFailed: (why: string) => `The message wasn't deleted. ${why}`,
    restoreFailed: (why: string) => `The message isn't back. ${why}`,
  },

  editing: { label: "Edit your message", save: "Send", cancel: "Cancel" },

  reasoning: { title: "Reasoning", running: "Thinking…" },

  tool: {
    title: (name: string, server: string) => (server ? `${name} · ${server}` : name),
    states: {
      running: "Running…",
      done: "Done",
      failed: "Failed",
      asking: "Needs your permission",
      approved: "Allowed",
      denied: "Denied",
    },
    arguments: "Arguments",
    result: "Result",
    error: "Error",
    question: (name: string) => `May ${name} be used?`,
    once: "Allow once",
    session: "Allow in this session",
    always: "Always allow",
    deny: "Deny",
    unreachable: (server: string) => `The tools of ${server} can't be used now.`,
  },

  image: {
    running: "Painting…",
    failed: "The image can't be shown.",
    generated: "Generated image",
    attached: "Attached image",
    download: "Download",
    regenerate: "Paint again",
    away: "An image from elsewhere isn't shown.",
  },

  facts: {
    model: "Model",
    servedBy: "Answered by",
    tokens: "Tokens",
    inAndOut: (read: number, written: number) =>
      `${count.format(read)} read, ${count.format(written)} written`,
    firstToken: "First word after",
    total: "In all",
    speed: "Speed",
    perSecond: (n: number) => `${decimal.format(n)} tokens/s`,
    cost: "Cost",
    seconds,
    money: (n: number) => money.format(n),
  },

  gauge: {
    label: "Context",
    used: (used: number, all: number) => `${short.format(used)} of ${short.format(all)} tokens`,
    percent: (part: number) => `${count.format(Math.round(part * 100))} % of the model's context`,
  },

  composer: {
    message: "Message",
    placeholder: "Write a message…",
    keys: "Enter sends, Shift+Enter starts a new line, “/” shows commands.",
    send: "Send",
    stop: "Stop",
    attach: "Attach files",
    model: "Model",
    noModel: "There is no model yet.",
    addModel: "Add one",
    askForModel: "Ask an administrator to add one, or to let you use one.",
    chooseModel: "Choose a model",
    modelState: (name: string, state: string) => `${name} (${state})`,
    sleeps: "sleeps",
    starts: "is starting",
    arguments: "Arguments",
    tools: "Tools",
    collections: "Collections",
    prompts: "Prompts",
    persona: (title: string) => `Persona: ${title}`,
    noPersona: "No persona",
    drop: "Drop files to attach them",
    stopFailed: (why: string) => `It couldn't be stopped. ${why}`,
    notSaved: (why: string) => `Your choice wasn't saved. ${why}`,
  },

  attachments: {
    label: "Attachments",
    remove: (name: string) => `Remove ${name}`,
    uploading: "Uploading…",
    reading: "Reading…",
    ready: (size: string, tokens: number) => `${size}, about ${count.format(tokens)} tokens`,
    size: (bytes: number) => `${short.format(bytes)}B`,
    image: (size: string) => size,
    truncated: "only its beginning is used",
    budget: (used: number, all: number) =>
      `Attachments take about ${short.format(used)} of ${short.format(all)} tokens.`,
    tooMuch: "That is more than this model can read.",
    file: "File",
  },

  arguments: {
    title: "Arguments for the model",
    intro: "They are kept with this session. What is empty is as the model likes.",
    max_tokens: "Most tokens to answer with",
    temperature: "Temperature",
    top_p: "Top P",
    frequency_penalty: "Frequency penalty",
    presence_penalty: "Presence penalty",
    seed: "Seed",
    stop: "Stop words",
    stopHint: "One per line, at most four.",
    reasoning_effort: "Reasoning effort",
    asItLikes: "As the model likes",
    efforts: { none: "None", minimal: "Minimal", low: "Low", medium: "Medium", high: "High" },
    from: (min: number, max: number) => `From ${count.format(min)} to ${count.format(max)}.`,
    save: "Save",
    reset: "Empty all",
    saved: "Saved.",
  },

  tools: {
    title: "Tools in this session",
    intro: "The assistant may use these, and asks you before it does.",
    none: "No tool server is switched on for you.",
    failed: "Your tools can't be shown.",
    close: "Done",
  },

  prompts: {
    title: "Prompts",
    intro: "A persona says how the assistant behaves; a directive is put into your message.",
    find: "Find by title",
    none: "There is no such prompt.",
    types: { persona: "Persona", directive: "Directive" },
  },

  commands: {
    label: "Commands",
    found: (n: number) => (n === 1 ? "1 command" : `${count.format(n)} commands`),
    model: "Choose another model",
    prompt: "Insert a prompt, or choose a persona",
    tools: "Choose tools",
    collections: "Choose collections to search",
    arguments: "Set arguments for the model",
    summarise: "Summarise an attached document",
    new: "Begin a new session",
    help: "Show commands and keys",
    none: "There is no such command.",
    group: "This session",
    switchTo: (model: string) => `Switch to the model ${model}`,
    switchWords: "choose change answer",
  },

  help: {
    title: "Commands and keys",
    keys: [
      ["Enter", "Send"],
      ["Shift+Enter", "New line"],
      ["Esc", "Stop the answer; leave a list"],
      ["Alt+End", "Jump to the latest"],
    ],
    close: "Close",
  },

  summary: {
    title: "Summarise a document",
    document: "Document",
    style: "Kind of summary",
    styles: { concise: "Concise", overview: "Overview", own: "By your own words" },
    prompt: "What to look for",
    begin: "Summarise",
    none: "Attach a document first.",
    asked: (name: string) => `Summarise ${name}.`,
  },

  markdown: {
    checkbox: (isDone: boolean) => (isDone ? "Done" : "Not done"),
    newTab: "opens in a new tab",
    wide: "Wide content",
  },
};

/** What the page about usage says. */
const count = new Intl.NumberFormat();
const short = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 });
const cents = new Intl.NumberFormat(undefined, {
  style: "currency",
  currency: "USD",
  maximumFractionDigits: 2,
});
const fractions = new Intl.NumberFormat(undefined, {
  style: "currency",
  currency: "USD",
  maximumSignificantDigits: 2,
});

const money = (n: number) => (n !== 0 && Math.abs(n) < 0.1 ? fractions : cents).format(n);
const duration = (ms: number | null | undefined) => {
  if (ms == null) return "–";
  return ms < 1000 ? `${count.format(Math.round(ms))} ms` : `${(ms / 1000).toFixed(1)} s`;
};

export const usageText = {
  title: "Usage",
  intro: "What you called, what it cost and how long it took.",
  introAll: "What everybody called, what it cost and how long it took.",
  loading: "Loading usage…",
  failed: "The usage can't be shown.",
  emptyTitle: "Nothing was called",
  emptyBody:
    "In this time no model was called. Try one in the playground, or choose a longer time.",
  playground: "Open the playground",

  count: (n: number) => count.format(n),
  short: (n: number) => short.format(n),
  money,
  duration,

  choice: "What is shown",
  range: "Time",
  ranges: {
    day: "The last 24 hours",
    week: "The last 7 days",
    month: "The last 30 days",
    quarter: "The last 90 days",
  },
  refresh: "Refresh",
  only: { model: "Model", subject: "User", token: "Token" },
  withoutNarrowing: (name: string) => `Not only ${name}`,
  csv: "Download as CSV",
  exporting: "Preparing the file…",
  exported: (file: string) => `Saved ${file}.`,
  exportFailed: (why: string) => `The download failed. ${why}`,

  totals: "In all",
  requests: "Requests",
  errors: "Errors",
  tokens: "Tokens",
  cost: "Cost",
  half: "Half took at most",
  most: "95 of 100 took at most",
  inAndOut: (read: string, written: string) => `${read} read, ${written} written`,
  cacheHits: (n: number) => `${count.format(n)} from the cache`,
  errorRate: (share: string) => `${share} of the requests`,
  firstByte: (ms: string) => `first byte ${ms}`,

  overTime: "Over time",
  charts: {
    requests: "Requests, and errors among them",
    tokens: "Tokens read and written",
    cost: "Cost",
    latency: "Time a call took, on average",
  },
  keys: {
    good: "Answered",
    errors: "Errors",
    read: "Read",
    written: "Written",
    cost: "Cost",
    latency: "On average",
  },
  chart: (title: string, most: string, at: string) => `${title}. The most is ${most}, at ${at}.`,
  chartEmpty: (title: string) => `${title}. There is nothing.`,
  asTable: "The same as a table",
  table: { time: "Time", tokens: "Tokens", latency: "Average time" },

  breakdown: "Summed up by",
  by: { model: "Model", subject: "User", token: "Token" },
  breakdownTitle: (what: string) => `By ${what.toLowerCase()}`,
  noToken: "Without a token",
  narrow: (name: string) => `Show only ${name}`,
  columns: {
    read: "Read",
    written: "Written",
    p50: "Half within",
    p95: "95 % within",
  },

  calls: "Calls",
  callsLoading: "Loading calls…",
  callsFailed: "The calls can't be shown.",
  callsEmpty: "No call in this time.",
  callsShown: (n: number) => (n === 1 ? "1 call shown" : `${count.format(n)} calls shown`),
  ended: {
    done: "Done",
    failed: "Failed",
    gone: "Caller left",
    cut: "Cut off",
  } as Record<string, string>,
  status: (n: number) => `Status ${n}`,
  user: "User",
  took: "Took",
  upstream: "Upstream",
  servedBy: "Answered by",
  tries: "Tries",
  estimated: "estimated",
  unsettled: "Never settled: counted as reserved",
};

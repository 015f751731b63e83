import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { figures } from "../../../testing/fakeEvaluations";
import { FakeServer, refusal } from "../../../testing/fakeServer";
import { renderApp } from "../../../testing/renderApp";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
  server.knowledge.addCollection({ name: "Papers" });
});

const open = (rest = "") => renderApp(server, `/knowledge/evaluations${rest}`);
const sent = (method: string, path: RegExp) =>
  server.sent.filter((one) => one.method === method && path.test(one.path));
const golden = (content: string) => new File([content], "whales.jsonl");
const LINE = '{"question": "Do whales sing?", "relevant": [{"document": "whales.txt"}]}';
const ADDED = "POST /evaluations/sets/file";

test("without golden sets it says what they are", async () => {
  open();
  await screen.findByRole("heading", { name: "No golden sets yet" });
  await screen.findByText("Nothing was measured yet. Start a run of a golden set.");
  screen.getByRole("link", { name: "Evaluation" });
});

test("a golden set is made of a file, after what was wrong with it is mended", async () => {
  const user = open();
  await user.click(await screen.findByRole("button", { name: "Upload golden set" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Upload a golden set" }));
  const upload = dialog.getByRole("button", { name: "Upload" });
  await user.click(upload);
  await dialog.findByText(/Choose a file first/);
  server.broken.set(ADDED, refusal(400, "there are no questions in it"));
  await user.upload(dialog.getByLabelText("File"), golden("nothing"));
  await user.click(upload);
  await dialog.findByText(/There are no questions in it/);
  server.broken.clear();
  await user.upload(dialog.getByLabelText("File"), golden(LINE));
  await user.click(upload);
  await screen.findByText("Added “whales” with 1 question.");
  expect(sent("POST", /file$/).map(({ body }) => body)).toEqual(["nothing", LINE]);
  await user.click(await screen.findByRole("button", { name: "Actions for whales" }));
  await user.click(await screen.findByRole("menuitem", { name: "Show its questions" }));
  const panel = within(await screen.findByRole("dialog", { name: "whales" }));
  await panel.findByText("Do whales sing?");
});

test("a file is sent as it is, with the name that it is given", async () => {
  const user = open();
  await user.click(await screen.findByRole("button", { name: "Upload golden set" }));
  await user.upload(await screen.findByLabelText("File"), golden(LINE));
  await user.type(screen.getByLabelText("Name"), " Mine ");
  await user.click(screen.getByRole("button", { name: "Upload" }));
  await screen.findByText("Added “Mine” with 1 question.");
  expect(Object.fromEntries(sent("POST", /file$/)[0]?.query ?? [])).toEqual({
    name: "Mine",
    fileName: "whales.jsonl",
  });
});

test("a file that is too large or can't be read isn't sent", async () => {
  const user = open();
  await user.click(await screen.findByRole("button", { name: "Upload golden set" }));
  const large = golden("a".repeat(4 * 1024 * 1024 + 1));
  const gone = Object.assign(golden(LINE), { arrayBuffer: () => Promise.reject(new Error()) });
  for (const [file, told] of [
    [large, /larger than 4 MB/],
    [gone, /can't be read/],
  ] as const) {
    await user.upload(await screen.findByLabelText("File"), file);
    await user.click(screen.getByRole("button", { name: "Upload" }));
    await screen.findByText(told);
  }
  expect(sent("POST", /file$/)).toEqual([]);
});

test("a run is started with collections and methods, and goes on until it is over", async () => {
  server.knowledge.measuring.addSet();
  server.serving.addModel("judge", { modelType: "rerank" });
  const user = open();
  await user.click(await screen.findByRole("button", { name: "Start a run of Whales" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Start a run of Whales" }));
  const start = dialog.getByRole("button", { name: "Start" });
  await user.click(start);
  await dialog.findByText(/Choose at least one collection/);
  await user.click(await dialog.findByRole("checkbox", { name: "Papers" }));
  await user.click(dialog.getByRole("checkbox", { name: "Words" }));
  await user.click(dialog.getByRole("checkbox", { name: "Reranked" }));
  await user.click(start);
  await dialog.findByText(/Choose the model that reranks/);
  await dialog.findByRole("option", { name: "judge" });
  await user.selectOptions(dialog.getByLabelText("Model that reranks"), "judge");
  await user.type(dialog.getByLabelText("Name"), "With a judge");
  await user.click(start);
  await screen.findByRole("heading", { name: "With a judge" });
  expect(sent("POST", /runs$/)[0]?.body).toEqual({
    setId: "golden_1",
    name: "With a judge",
    collections: ["local.default"],
    methods: ["hybrid", "dense", "rerank"],
    rerank: "judge",
    candidates: 50,
  });
  await screen.findByRole("heading", { name: "Figures" });
  expect(sent("POST", /steps$/).length).toBeGreaterThanOrEqual(2);
});

test("a run that was left goes on where it stopped, and can be paused", async () => {
  server.knowledge.measuring.addRun({ done: 1, isOver: false, figures: {}, outcomes: [] });
  server.broken.set("POST /evaluations/runs/run_1/steps", refusal(503, "The model is away."));
  const user = open("/run_1");
  await screen.findByText("1 of 2 questions asked");
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("The model is away.");
  await user.click(screen.getByRole("button", { name: "Pause" }));
  screen.getByText("Paused: what was asked is kept.");
  server.broken.clear();
  await user.click(screen.getByRole("button", { name: "Go on" }));
  await screen.findByRole("heading", { name: "Figures" });
});

test("figures are told method by method, as a table and as bars", async () => {
  server.knowledge.measuring.addRun();
  const user = open("/run_1");
  const table = within(await screen.findByRole("table", { name: "Figures" }));
  const row = within(table.getByRole("row", { name: /^Words/ }));
  expect(row.getAllByRole("cell").map(({ textContent }) => textContent)).toEqual([
    "0.250",
    "0.500",
    "0.500",
    "0.400",
    "0.450",
    "1",
    "12 ms",
    "34 ms",
  ]);
  screen.getByRole("figure", { name: "Recall@10 by method" });
  await user.selectOptions(screen.getByLabelText("Recall among the first"), "1");
  within(screen.getByRole("figure", { name: "Recall@1 by method" })).getAllByText("0.250");
  screen.getByRole("figure", { name: "Time a search took" });
});

test("what was missed is shown first, with the way to try it", async () => {
  server.knowledge.measuring.addRun();
  const user = open("/run_1");
  const questions = () => within(screen.getByRole("list", { name: /what came of them/ }));
  await screen.findByRole("heading", { name: "1. Do whales sing?" });
  expect(questions().queryByText(/How deep/)).toBeNull();
  questions().getByText("Not found");
  questions().getByText("whales.txt, page 3");
  questions().getByText("They sing");
  const link = questions().getByRole("link", { name: "Try in search: Do whales sing?" });
  const { searchParams } = new URL((link as HTMLAnchorElement).href);
  expect(searchParams.get("ask")).toBe("Do whales sing?");
  expect(searchParams.get("in")).toBe("local.default");
  await user.click(screen.getByRole("radio", { name: "All questions" }));
  questions().getByText("Ranks 2, 7 of 2");
  await user.click(screen.getByRole("radio", { name: "What every method missed" }));
  screen.getByText("None: each question was answered by some method.");
});

test("two runs are compared: what is more, what is less, and which questions", async () => {
  server.knowledge.measuring.addRun({ name: "Before" });
  server.knowledge.measuring.addRun({ name: "Other set", setId: "golden_9" });
  server.knowledge.measuring.addRun({ name: "After" });
  server.knowledge.measuring.differences = [
    {
      method: "hybrid",
      before: figures(0.5, { p50: 0.01 }),
      after: figures(0.75, { p50: 0.004 }),
      gained: [1],
      lost: [],
    },
  ];
  const user = open("/run_3");
  const choice = await screen.findByLabelText("Compare with");
  await within(choice).findByRole("option", { name: /^Before/ });
  expect(within(choice).queryByRole("option", { name: /Other set/ })).toBeNull();
  await user.selectOptions(choice, "run_1");
  const table = within(await screen.findByRole("table", { name: "Compared with Before" }));
  table.getByText("0.750 (+0.250)");
  table.getByText("0.400 (0.000)");
  table.getByText("4 ms (-6 ms)");
  screen.getByText("Better by meaning and words (1)");
  screen.getByText("How deep do they dive?");
  expect(window.location.search).toBe("?with=run_1");
  expect(sent("GET", /comparison/)[0]?.path).toBe("/evaluations/runs/run_1/comparison/run_3");
});

test("runs are listed with their best, and forgotten after the question", async () => {
  server.knowledge.measuring.addRun();
  const user = open();
  const runs = within(await screen.findByRole("list", { name: "Runs" }));
  runs.getByText("1.000 by meaning and words");
  await user.click(runs.getByRole("link", { name: "First try" }));
  await user.click(await screen.findByRole("button", { name: "Delete…" }));
  const question = within(await screen.findByRole("alertdialog"));
  await user.click(question.getByRole("button", { name: "Delete" }));
  await screen.findByText("Deleted “First try”.");
  await screen.findByText("Nothing was measured yet. Start a run of a golden set.");
});

test("a golden set is deleted after the question", async () => {
  server.knowledge.measuring.addSet();
  const user = open();
  await user.click(await screen.findByRole("button", { name: "Actions for Whales" }));
  await user.click(await screen.findByRole("menuitem", { name: "Delete…" }));
  const question = within(await screen.findByRole("alertdialog"));
  question.getByText(/Its runs stay/);
  await user.click(question.getByRole("button", { name: "Delete" }));
  await waitFor(() => expect(screen.queryByRole("heading", { name: "Whales" })).toBeNull());
});

test("a run that isn't there leads back to the others", async () => {
  open("/nothing");
  await screen.findByRole("heading", { name: "Run not found" });
  screen.getByRole("link", { name: "All runs" });
});

test("a failure can be tried again", async () => {
  server.knowledge.measuring.addRun();
  server.broken.set("GET /evaluations/runs/run_1", refusal(403, "The run is away."));
  const user = open("/run_1");
  const alert = await screen.findByRole("alert");
  server.broken.clear();
  await user.click(within(alert).getByRole("button", { name: "Try again" }));
  await screen.findByRole("heading", { name: "First try" });
});

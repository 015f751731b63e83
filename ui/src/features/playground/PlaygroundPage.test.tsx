import { screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { FakeServer, refusal } from "../../testing/fakeServer";
import { renderApp } from "../../testing/renderApp";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
});

const chunk = (content: string, more: object = {}) =>
  `data: ${JSON.stringify({ choices: [{ delta: { content } }], ...more })}\n\n`;
const end = (finish_reason: string) =>
  `data: ${JSON.stringify({ choices: [{ delta: {}, finish_reason }] })}\n\n`;
const USED = `data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 5, completion_tokens: 2 } })}\n\n`;
const DONE = "data: [DONE]\n\n";

const sent = () => server.sent.findLast(({ method }) => method === "POST");
const textOf = (name: string) => screen.getByRole<HTMLTextAreaElement>("textbox", { name }).value;
const ask = async (user: ReturnType<typeof renderApp>, said = "Hello") =>
  user.type(await screen.findByLabelText("Your message"), `${said}{Control>}{Enter}{/Control}`);

test("without a model administrators are told how to add one", async () => {
  const user = renderApp(server, "/playground");
  await screen.findByRole("heading", { name: "There is no model to try yet" });
  await user.click(screen.getByRole("link", { name: "Add a model" }));
  await screen.findByRole("heading", { name: "Add model" });
});

test("without a model others are told whom to ask", async () => {
  server.me = { ...server.me, admin: false };
  renderApp(server, "/playground");
  await screen.findByText(/Ask an administrator/);
  expect(screen.queryByRole("link", { name: "Add a model" })).toBeNull();
});

test("an answer is shown as text, with its times and tokens", async () => {
  server.serving.addModel("small");
  const cut = chunk("<b>Hi</b> 😀");
  server.serving.pieces = [cut.slice(0, 9), cut.slice(9), chunk(" there"), end("stop"), USED, DONE];
  const user = renderApp(server, "/playground");
  await user.type(await screen.findByLabelText("System message"), "Be short.");
  await user.type(screen.getByLabelText("Temperature"), "0.5");
  await user.type(screen.getByLabelText("Most tokens to answer with"), "20");
  await ask(user);
  await screen.findByText("<b>Hi</b> 😀 there");
  expect(await screen.findByText("5 read, 2 written")).toBeTruthy();
  expect(screen.getByText("In all")).toBeTruthy();
  expect(sent()?.path).toBe("/v1/chat/completions");
  expect(sent()?.body).toEqual({
    model: "small",
    messages: [
      { role: "system", content: "Be short." },
      { role: "user", content: "Hello" },
    ],
    temperature: 0.5,
    max_tokens: 20,
    stream: true,
    stream_options: { include_usage: true },
  });
});

test("an answer that ends at the most tokens says so", async () => {
  server.serving.addModel("small");
  server.serving.pieces = [chunk("Half"), end("length"), DONE];
  const user = renderApp(server, "/playground");
  await ask(user);
  await screen.findByText("It ended at the most tokens.");
});

test("an answer is stopped, and what had come stays", async () => {
  server.serving.addModel("small");
  server.serving.pieces = [chunk("So far")];
  server.serving.isOver = false;
  const user = renderApp(server, "/playground");
  await ask(user);
  await screen.findByText("So far");
  await user.click(screen.getByRole("button", { name: "Stop" }));
  await waitFor(() => expect(screen.queryByRole("button", { name: "Stop" })).toBeNull());
  expect(screen.getByText("So far")).toBeTruthy();
  expect(document.activeElement?.textContent).toBe("Send");
  expect(screen.queryByRole("alert")).toBeNull();
});

test.each([
  [
    "a refusal",
    () => server.broken.set("POST /v1/chat/completions", refusal(429, "Too many.")),
    "Too many.",
  ],
  [
    "an error on the way",
    () => server.serving.pieces.push('data: {"error":{"message":"It fell."}}\n\n'),
    "It fell.",
  ],
  ["an end too soon", () => server.serving.pieces.push(chunk("Half")), "The answer broke off."],
  [
    "no connection",
    () => server.broken.set("POST /v1/chat/completions", "no connection"),
    "can't be reached",
  ],
])("%s is told in words", async (_, breakIt, words) => {
  server.serving.addModel("small");
  breakIt();
  const user = renderApp(server, "/playground");
  await ask(user);
  expect((await screen.findByRole("alert")).textContent).toContain(words);
});

test("the same call stands there as code, whatever is typed", async () => {
  server.serving.addModel("small");
  const user = renderApp(server, "/playground");
  await user.type(await screen.findByLabelText("Your message"), "It's");
  expect(textOf("With curl")).toContain(`"content":"It'\\''s"`);
  expect(textOf("With curl")).toContain("'http://127.0.0.1:8080/v1/chat/completions'");
  expect(textOf("With curl")).toContain("Bearer $LISA_TOKEN");
  expect(textOf("With the openai package for Python")).toContain('"content":"It\'s"');
  expect(textOf("With the openai package for Python")).toContain("stream=True");
  await user.click(screen.getByRole("button", { name: "Copy: With curl" }));
  expect(await navigator.clipboard.readText()).toBe(textOf("With curl"));
});

test("each tab offers the models that are made for it, and a text becomes a vector", async () => {
  server.serving.addModel("small");
  server.serving.addModel("minilm", { modelType: "embedding" });
  server.serving.vector = [0.25, -1, 3];
  const user = renderApp(server, "/playground");
  await user.click(await screen.findByRole("tab", { name: "Embeddings" }));
  const model = screen.getByRole<HTMLSelectElement>("combobox", { name: "Model" });
  expect(Array.from(model.options, (one) => one.value)).toEqual(["minilm"]);
  await user.type(screen.getByLabelText("Text"), "Hello");
  await user.click(screen.getByRole("button", { name: "Embed" }));
  await screen.findByText("0.2500, -1.0000, 3.0000");
  expect(sent()?.body).toEqual({ model: "minilm", input: "Hello" });
});

test("where nobody knows what models are for, each is offered for everything", async () => {
  server.broken.set("GET /v1/model/info", refusal(404, "Not here."));
  server.serving.addModel("minilm", { modelType: "embedding" });
  renderApp(server, "/playground");
  expect(await screen.findAllByRole("option", { name: "minilm", hidden: true })).toHaveLength(2);
});

test("of a model that sleeps it is said what wakes it, and how long that took", async () => {
  const { hosting } = server.serving;
  hosting.addModel("big", { status: "Stopped" });
  const first = { workflow: "start_model", run: "one" };
  hosting.happen("start", first);
  for (let n = 0; n < 4; n++) hosting.happen("wait", first);
  hosting.happen("put in service", { ...first, status: "InService" });
  const user = renderApp(server, "/playground");
  await screen.findByRole("option", { name: "big (sleeps)" });
  await screen.findByText(/The first call wakes it; that took about 5 seconds last time/);
  server.serving.isOver = false;
  server.serving.change("big", { status: "Starting" });
  await ask(user);
  await screen.findByText(/It is starting\. You can go on waiting/, {}, { timeout: 5_000 });
  server.serving.change("big", { status: "InService" });
  await user.click(screen.getByRole("button", { name: "Stop" }));
  await waitFor(() => expect(screen.queryByText(/It is starting/)).toBeNull());
  expect(await screen.findByRole("option", { name: "big", selected: true })).toBeTruthy();
});

test("who isn't told of starts hears that a model sleeps all the same", async () => {
  server.me = { ...server.me, admin: false };
  server.serving.hosting.addModel("big", { status: "Stopped" });
  renderApp(server, "/playground");
  await screen.findByText(/It is asleep.*may take some minutes/);
  expect(server.sent.some(({ path }) => path.endsWith("/events"))).toBe(false);
});

test("a failure can be tried again", async () => {
  server.broken.set("GET /v1/models", refusal(503, "The gateway is away."));
  const user = renderApp(server, "/playground");
  await screen.findByText("The gateway is away.");
  server.broken.clear();
  await user.click(screen.getByRole("button", { name: "Try again" }));
  await screen.findByRole("heading", { name: "There is no model to try yet" });
});

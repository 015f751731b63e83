import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { FakeServer, refusal } from "../../testing/fakeServer";
import { renderApp } from "../../testing/renderApp";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
});

const EDIT = "/admin/models/edit?id=meta%2Fsmall";
const names = () => screen.getAllByRole("heading", { level: 2 }).map((one) => one.textContent);
const sent = (method: string) => server.sent.findLast((one) => one.method === method)?.body;
const choose = async (user: ReturnType<typeof renderApp>, id: string, action: string) => {
  await user.click(await screen.findByRole("button", { name: `Actions for ${id}` }));
  await user.click(await screen.findByRole("menuitem", { name: action }));
};

test("models are listed with what they are, where they answer and who may use them", async () => {
  server.serving.addModel("small", { allowedGroups: ["team"], fallbacks: ["big"] });
  server.serving.addModel("big", {
    status: "Stopped",
    upstreams: [{ kind: "litellm", target: "bedrock/claude" }],
  });
  renderApp(server, "/admin/models");
  await screen.findByText("bedrock/claude");
  expect(names()).toEqual(["small", "big"]);
  for (const word of ["In service", "Switched off", "there/v1", "team", "Everybody"])
    expect(screen.getByText(word)).toBeTruthy();
});

test("an empty list says how to add one, also on the command line", async () => {
  renderApp(server, "/admin/models");
  await screen.findByRole("heading", { name: "No models yet" });
  expect(screen.getByText("lisa models add NAME --url URL")).toBeTruthy();
});

test("more models come on demand", async () => {
  for (let n = 0; n < 60; n++) server.serving.addModel(`model-${n}`);
  const user = renderApp(server, "/admin/models");
  await user.click(await screen.findByRole("button", { name: "Show more" }));
  await waitFor(() => expect(names()).toHaveLength(60));
});

test("a built-in model is shown as such, and can only be tried and switched off", async () => {
  server.serving.addModel("demo", { builtIn: true });
  const user = renderApp(server, "/admin/models");
  await screen.findByText("Built in");
  await user.click(await screen.findByRole("button", { name: "Actions for demo" }));
  const offered = await screen.findAllByRole("menuitem");
  expect(offered.map((one) => one.textContent)).toEqual(["Test connection", "Switch off"]);
  await user.click(screen.getByRole("menuitem", { name: "Switch off" }));
  await screen.findByText("Switched off");
});

test("a built-in model has no form", async () => {
  server.serving.addModel("meta/small", { builtIn: true });
  renderApp(server, EDIT);
  await screen.findByRole("heading", { name: "meta/small" });
  expect(screen.queryByRole("button", { name: "Save" })).toBeNull();
});

test("a saved model is tried, and says how fast it was or why it didn't answer", async () => {
  const fine = { upstream: "main", ok: true, milliseconds: 12, cause: "" };
  server.serving.tried = [
    { ...fine, message: "", nextStep: "" },
    { ...fine, upstream: "spare", ok: false, message: "nobody listens", nextStep: "start it" },
  ];
  server.serving.addModel("small");
  const user = renderApp(server, "/admin/models");
  await choose(user, "small", "Test connection");
  await screen.findByText("✓ main answered in 12 ms.");
  expect(screen.getByText("✗ spare didn't answer: nobody listens")).toBeTruthy();
  expect(screen.getByText("Start it.")).toBeTruthy();
  expect(sent("POST")).toEqual({ modelId: "small", hostingType: "third_party" });
});

test("a hosted model is tried and added with its name there and its key", async () => {
  server.serving.tried = [
    { upstream: "main", ok: true, milliseconds: 7, cause: "", message: "", nextStep: "" },
  ];
  const user = renderApp(server, "/admin/models");
  await user.click(await screen.findByRole("link", { name: "Add model" }));
  await user.type(await screen.findByLabelText("URL"), "http://127.0.0.1:8000/v1");
  await user.type(screen.getByLabelText("Name of the model there"), "llama");
  await user.selectOptions(screen.getByLabelText("Key"), "typed");
  await user.type(screen.getByLabelText("The key"), "sk-1");
  await user.click(screen.getByRole("button", { name: "Test connection" }));
  await screen.findByText("✓ main answered in 7 ms.");
  expect(server.serving.models).toEqual([]);

  await user.type(screen.getByLabelText("Name"), "small");
  await user.type(screen.getByLabelText("Groups"), "team, other");
  await user.click(screen.getByText("Prices"));
  await user.type(screen.getByLabelText("Prompt"), "0.5");
  await user.click(screen.getByText("Limits"));
  await user.type(screen.getByLabelText("Requests a minute"), "60");
  await user.click(screen.getByRole("button", { name: "Add model" }));
  await screen.findByText("Added “small”.");
  expect(sent("POST")).toMatchObject({
    modelId: "small",
    modelType: "textgen",
    streaming: true,
    allowedGroups: ["team", "other"],
    upstreams: [
      {
        id: "main",
        kind: "openai",
        url: "http://127.0.0.1:8000/v1",
        target: "llama",
        apiKey: "sk-1",
      },
    ],
    prices: { prompt: 0.5, source: "entered by hand" },
    limits: { requestsPerMinute: 60, tokensPerDay: null },
    timeouts: {},
    contextWindow: null,
  });
  expect(names()).toEqual(["small"]);
});

test("a provider's model needs no URL, and embeddings don't stream", async () => {
  const user = renderApp(server, "/admin/models/new");
  await user.type(await screen.findByLabelText("Name"), "titan");
  await user.selectOptions(screen.getByLabelText("What it makes"), "embedding");
  await user.selectOptions(screen.getByLabelText("Reached"), "litellm");
  await user.type(screen.getByLabelText("Provider and model"), "bedrock/titan");
  await user.click(screen.getByRole("button", { name: "Add model" }));
  await screen.findByText("Added “titan”.");
  expect(sent("POST")).toMatchObject({
    streaming: false,
    prices: null,
    upstreams: [{ kind: "litellm", target: "bedrock/titan", url: "", key: null }],
  });
});

test("several upstreams share the calls by weight", async () => {
  const user = renderApp(server, "/admin/models/new");
  await user.type(await screen.findByLabelText("Name"), "both");
  await user.type(screen.getByLabelText("URL"), "http://127.0.0.1:8001/v1");
  expect(screen.queryByLabelText("Weight")).toBeNull();
  await user.click(screen.getByRole("button", { name: "Add another upstream" }));
  await user.click(screen.getByRole("button", { name: "Add another upstream" }));
  await user.click(screen.getByRole("button", { name: "Remove upstream 3" }));
  const second = within(screen.getByRole("group", { name: "Upstream 2" }));
  await user.type(second.getByLabelText("URL"), "http://127.0.0.1:8002/v1");
  await user.clear(second.getByLabelText("Weight"));
  await user.type(second.getByLabelText("Weight"), "3");
  await user.click(screen.getByRole("button", { name: "Add model" }));
  await screen.findByText("Added “both”.");
  expect(sent("POST").upstreams).toMatchObject([
    { id: "main", url: "http://127.0.0.1:8001/v1", weight: 1 },
    { id: "upstream-2", url: "http://127.0.0.1:8002/v1", weight: 3 },
  ]);
});

test("a name that is taken is said beside the form, which stays", async () => {
  server.serving.addModel("small");
  const user = renderApp(server, "/admin/models/new");
  await user.type(await screen.findByLabelText("Name"), "small");
  await user.type(screen.getByLabelText("URL"), "http://127.0.0.1:8001/v1");
  await user.click(screen.getByRole("button", { name: "Add model" }));
  expect((await screen.findByRole("alert")).textContent).toContain("a model small already");
});

test("a change sends what was changed and nothing else, a key by its reference", async () => {
  server.serving.addModel("meta/small", {
    upstreams: [{ id: "main", kind: "openai", url: "http://a/v1", key: "secret:k" }],
  });
  const user = renderApp(server, EDIT);
  const save = await screen.findByRole<HTMLButtonElement>("button", { name: "Save" });
  expect(save.disabled).toBe(true);
  await user.type(screen.getByLabelText("Groups"), "team");
  await user.click(save);
  await screen.findByText("Changed “meta/small”.");
  expect(sent("PUT")).toEqual({ allowedGroups: ["team"], version: 1 });
});

test("a price that was taken away is sent as none", async () => {
  server.serving.addModel("meta/small", {
    upstreams: [{ kind: "openai", url: "http://a/v1" }],
    prices: { prompt: 1 },
  });
  const user = renderApp(server, EDIT);
  await user.click(await screen.findByText("Prices"));
  await user.clear(screen.getByLabelText("Prompt"));
  await user.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByText("Changed “meta/small”.");
  expect(sent("PUT")).toEqual({ prices: null, version: 1 });
});

test.each([
  ["Put my changes on top", "mine"],
  ["Discard mine", "theirs"],
])("who was faster is shown with what they changed: %s", async (button, description) => {
  server.serving.addModel("meta/small", { upstreams: [{ kind: "openai", url: "http://a/v1" }] });
  const user = renderApp(server, EDIT);
  const field = await screen.findByLabelText<HTMLInputElement>("Description");
  server.serving.change("meta/small", { modelDescription: "theirs", allowedGroups: ["team"] });
  await user.type(field, "mine");
  await user.click(screen.getByRole("button", { name: "Save" }));
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("modelDescription");
  await user.click(within(alert).getByRole("button", { name: button }));
  if (description === "mine") await screen.findByText("Changed “meta/small”.");
  else expect(field.value).toBe("theirs");
  expect(server.serving.models[0]).toMatchObject({
    modelDescription: description,
    allowedGroups: ["team"],
  });
});

test("a model is removed after a question", async () => {
  server.serving.addModel("meta/small");
  const user = renderApp(server, "/admin/models");
  await choose(user, "meta/small", "Remove…");
  const question = await screen.findByRole("alertdialog");
  await user.click(within(question).getByRole("button", { name: "Remove" }));
  await screen.findByRole("heading", { name: "No models yet" });
});

test("a failure can be tried again", async () => {
  server.broken.set("GET /models", refusal(503, "The database is away."));
  const user = renderApp(server, "/admin/models");
  const alert = await screen.findByRole("alert");
  server.broken.clear();
  await user.click(within(alert).getByRole("button", { name: "Try again" }));
  await screen.findByRole("heading", { name: "No models yet" });
});

test("a model that isn't there says so", async () => {
  renderApp(server, EDIT);
  await screen.findByRole("heading", { name: "Model not found" });
  expect(screen.getByRole("link", { name: "All models" })).toBeTruthy();
});

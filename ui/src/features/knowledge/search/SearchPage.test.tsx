import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { FakeServer, refusal } from "../../../testing/fakeServer";
import { renderApp } from "../../../testing/renderApp";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
  server.knowledge.addCollection({ name: "Papers" });
  server.knowledge.addCollection({ name: "Other", collectionId: "other" });
});

const open = (query = "") => renderApp(server, `/knowledge/search${query}`);
const asked = () => server.sent.findLast(({ path }) => path === "/search")?.body;

test("a question finds passages, and says by which method and how fast", async () => {
  server.knowledge.found = {
    hits: [server.knowledge.hit()],
    timings: { dense: 0.012, lexical: 0.003 },
  };
  const user = open();
  await user.type(await screen.findByLabelText("Question"), "Do whales sing?");
  await user.click(screen.getByRole("button", { name: "Search" }));
  const hits = within(await screen.findByRole("list", { name: "Passages found" }));
  hits.getByText("Page 6 · Songs");
  hits.getByText("0.75, rank 1");
  hits.getByText("3.2, rank 2");
  screen.getByText("12 ms");
  expect(asked()).toEqual({
    query: "Do whales sing?",
    collections: ["local.default"],
    mode: "hybrid",
    rerank: "",
    limit: 10,
  });
});

test("it is said where, by what and with which conditions", async () => {
  server.serving.addModel("judge", { modelType: "rerank" });
  const user = open("?in=local.other");
  await user.type(await screen.findByLabelText("Question"), "Whales");
  await user.click(screen.getByRole("checkbox", { name: "Papers" }));
  await user.selectOptions(screen.getByLabelText("Find by"), "lexical");
  await screen.findByRole("option", { name: "judge" });
  await user.selectOptions(screen.getByLabelText("Put into order by"), "judge");
  await user.click(screen.getByLabelText("Only documents that"));
  await user.paste('{"type": "eq", "key": "year", "value": 2024}');
  await user.click(screen.getByRole("button", { name: "Search" }));
  await screen.findByRole("heading", { name: "Nothing was found" });
  expect(asked()).toMatchObject({
    collections: ["local.other", "local.default"],
    mode: "lexical",
    rerank: "judge",
    filters: { type: "eq", key: "year", value: 2024 },
  });
});

test("among many collections one is found by its name, and what is chosen stays", async () => {
  for (let n = 1; n <= 60; n++)
    server.knowledge.addCollection({ name: `Number ${n}`, collectionId: `c${n}` });
  const user = open();
  await user.type(await screen.findByLabelText("Question"), "Whales");
  // By text: roles of as many boxes take jsdom seconds on a busy machine.
  expect(screen.queryByText("Number 60")).toBeNull();
  await user.click(screen.getByText("Show more collections"));
  await screen.findByText("Number 60");
  await user.click(screen.getByLabelText("Find a collection"));
  await user.paste("Number 59");
  await waitFor(() => expect(screen.queryByText("Number 60")).toBeNull());
  await user.click(await screen.findByRole("checkbox", { name: "Number 59" }));
  const chosen = within(screen.getByRole("list", { name: "Chosen collections" }));
  await user.click(chosen.getByRole("button", { name: "Leave out local.default" }));
  await user.click(screen.getByRole("button", { name: "Search" }));
  await screen.findByRole("heading", { name: "Nothing was found" });
  expect(asked()?.collections).toEqual(["local.c59"]);
});

test("an address brings a question and several collections", async () => {
  const user = open("?in=local.other,local.default&ask=Do+whales+sing");
  await user.click(await screen.findByRole("button", { name: "Search" }));
  await screen.findByRole("heading", { name: "Nothing was found" });
  expect(asked()).toMatchObject({
    query: "Do whales sing",
    collections: ["local.other", "local.default"],
  });
});

test("a wrong condition is told before anything is asked", async () => {
  const user = open();
  await user.type(await screen.findByLabelText("Question"), "Whales");
  await user.click(screen.getByLabelText("Only documents that"));
  await user.paste("{year: 2024");
  await user.click(screen.getByRole("button", { name: "Search" }));
  expect((await screen.findByRole("alert")).textContent).toContain("This isn't JSON");
  await user.clear(screen.getByLabelText("Only documents that"));
  await user.paste("[1]");
  await user.click(screen.getByRole("button", { name: "Search" }));
  expect((await screen.findByRole("alert")).textContent).toContain("A condition is an object");
  expect(asked()).toBeUndefined();
});

test("without a collection nothing is asked", async () => {
  const user = open();
  await user.type(await screen.findByLabelText("Question"), "Whales");
  await user.click(screen.getByRole("checkbox", { name: "Papers" }));
  await user.click(screen.getByRole("button", { name: "Search" }));
  expect((await screen.findByRole("alert")).textContent).toContain("at least one collection");
});

test("a hit opens its document where it stands", async () => {
  server.knowledge.found = { hits: [server.knowledge.hit()], timings: {} };
  server.shelf.addPassages(12);
  const user = open();
  await user.type(await screen.findByLabelText("Question"), "Whales");
  await user.click(screen.getByRole("button", { name: "Search" }));
  await user.click(await screen.findByRole("button", { name: /Open whales.txt/ }));
  const panel = await screen.findByRole("dialog", { name: "whales.txt" });
  await within(panel).findByText("Passage number 5.");
  expect(panel.querySelector("[aria-current]")?.textContent).toContain("Passage number 5.");
});

test("a refusal says why", async () => {
  server.broken.set("POST /search", refusal(503, "The store is away."));
  const user = open();
  await user.type(await screen.findByLabelText("Question"), "Whales");
  await user.click(screen.getByRole("button", { name: "Search" }));
  expect((await screen.findByRole("alert")).textContent).toContain("The store is away.");
});

test("without collections it leads to where they are made", async () => {
  server.knowledge.collections = [];
  open();
  await screen.findByRole("heading", { name: "There is nothing to search yet" });
  screen.getByRole("link", { name: "To the collections" });
});

test("where searching is switched off the page says so instead of asking", async () => {
  server.administration.change({ enabledComponents: { ragSelectionAvailable: false } });
  open();
  await screen.findByRole("heading", { name: "Searching is switched off" });
  expect(screen.queryByLabelText("Question")).toBeNull();
});

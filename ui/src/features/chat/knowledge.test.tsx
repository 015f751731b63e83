import { act, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import type { WireItem } from "../../api/responses";
import { FakeServer } from "../../testing/fakeServer";
import { renderApp } from "../../testing/renderApp";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
  server.serving.addModel("small");
  server.addSession("a");
  server.knowledge.addCollection({ name: "Papers" });
});

const open = () => renderApp(server, "/sessions/a");
const field = () => screen.findByRole<HTMLTextAreaElement>("textbox", { name: "Message" });
const asked = () => server.sent.findLast(({ path }) => path === "/v1/responses")?.body;

const PASSAGE = {
  file_id: "file_1",
  filename: "whales.txt",
  score: 0.9,
  text: "In winter whales sing. Others are silent.",
  number: 1,
  collection: "local.default",
  page: 6,
  last_page: 6,
  start: 50,
  end: 90,
  headings: ["Songs"],
};
const SEARCH: WireItem = {
  id: "fs_1",
  type: "file_search_call",
  status: "completed",
  queries: ["Do whales sing?"],
  results: [PASSAGE],
};
const ANSWER: WireItem = {
  id: "msg_answer",
  type: "message",
  role: "assistant",
  status: "completed",
  content: [
    {
      type: "output_text",
      text: "They do [1].",
      annotations: [
        {
          type: "file_citation",
          file_id: "file_1",
          filename: "whales.txt",
          index: 8,
          number: 1,
          page: 6,
          start: 50,
          quote: "whales sing",
          collection: "local.default",
        },
      ],
    },
  ],
};

test("collections are chosen for the session, and asked with every message", async () => {
  const user = open();
  await screen.findByRole("option", { name: "small" });
  await user.click(await screen.findByRole("button", { name: "Collections" }));
  await user.click(await screen.findByRole("checkbox", { name: "Papers" }));
  await user.click(screen.getByRole("button", { name: "Done" }));
  await screen.findByRole("button", { name: "Collections: 1 collection" });
  expect(server.sessions[0]?.configuration.collections).toEqual(["local.default"]);
  await user.type(await field(), "Do whales sing?{Enter}");
  await waitFor(() =>
    expect(asked()).toMatchObject({
      tools: [{ type: "file_search", vector_store_ids: ["local.default"] }],
      include: ["file_search_call.results"],
    }),
  );
});

test("without collections nothing is searched", async () => {
  const user = open();
  await screen.findByRole("option", { name: "small" });
  await user.type(await field(), "Hello{Enter}");
  await screen.findByText("You said: Hello");
  expect(asked().tools).toBeUndefined();
  expect(asked().include).toBeUndefined();
});

test("a collection that is gone can be left out", async () => {
  server.addSession("b", { configuration: { collections: ["local.gone"] } });
  const user = renderApp(server, "/sessions/b");
  await user.click(await screen.findByRole("button", { name: "Collections: 1 collection" }));
  await user.click(await screen.findByRole("checkbox", { name: "local.gone" }));
  await waitFor(() => expect(server.sessions[0]?.configuration.collections).toEqual([]));
});

test("a search is a step, its passages are sources, and a marker opens what it stands for", async () => {
  server.chat.answer = (turn) => turn.add(SEARCH).add(ANSWER).end();
  const user = open();
  await screen.findByRole("option", { name: "small" });
  await user.type(await field(), "Do whales sing?{Enter}");
  await screen.findByText("Searched your documents: 1 passage in 1 collection");
  await user.click(await screen.findByRole("button", { name: "Source 1" }));
  const panel = within(await screen.findByRole("dialog", { name: "[1] whales.txt" }));
  panel.getByText("Page 6 · Songs");
  expect(panel.getByText("whales sing").tagName).toBe("MARK");
  const link = panel.getByRole<HTMLAnchorElement>("link", { name: "Open in its collection" });
  expect(link.getAttribute("href")).toBe("/knowledge/in/local/default?document=file_1&start=50");
  await user.click(panel.getByRole("button", { name: "Close" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  const sources = within(screen.getByRole("region", { name: "Sources" }));
  await user.click(sources.getByRole("button", { name: "[1] whales.txt Page 6" }));
  await screen.findByRole("dialog", { name: "[1] whales.txt" });
});

test("where the passage itself is known, its number is told and leads to it", async () => {
  const [part] = ANSWER.content ?? [];
  const annotations = part?.annotations?.map((one) => ({ ...one, ordinal: 5 }));
  const answer = { ...ANSWER, content: [{ ...part, type: "output_text", annotations }] };
  server.chat.answer = (turn) => turn.add(SEARCH).add(answer).end();
  const user = open();
  await screen.findByRole("option", { name: "small" });
  await user.type(await field(), "Do whales sing?{Enter}");
  await user.click(await screen.findByRole("button", { name: "Source 1" }));
  const panel = within(await screen.findByRole("dialog", { name: "[1] whales.txt" }));
  panel.getByText("Page 6 · Passage 6 · Songs");
  const link = panel.getByRole<HTMLAnchorElement>("link", { name: "Open in its collection" });
  expect(link.getAttribute("href")).toBe("/knowledge/in/local/default?document=file_1&at=5");
});

test("a search that goes on says so, and one that found nothing says that", async () => {
  server.chat.answer = () => {};
  const user = open();
  await screen.findByRole("option", { name: "small" });
  await user.type(await field(), "Hello{Enter}");
  await waitFor(() => expect(server.chat.turns).toHaveLength(1));
  const begun = { ...SEARCH, status: "in_progress", results: null };
  act(() => server.chat.last.emit({ type: "response.output_item.added", item: begun }));
  await screen.findByText("Searching your documents…");
  const done = { ...SEARCH, results: [] };
  act(() => server.chat.last.emit({ type: "response.output_item.done", item: done }));
  await screen.findByText("Searched your documents: nothing was found");
});

test("a citation that comes while the answer grows is linked at once", async () => {
  server.chat.answer = () => {};
  const user = open();
  await screen.findByRole("option", { name: "small" });
  await user.type(await field(), "Hello{Enter}");
  await waitFor(() => expect(server.chat.turns).toHaveLength(1));
  act(() => {
    server.chat.last.say("They do [1].");
    server.chat.last.emit({
      type: "response.output_text.annotation.added",
      item_id: `${server.chat.last.id}_said`,
      content_index: 0,
      annotation: ANSWER.content?.[0]?.annotations?.[0],
    });
  });
  await screen.findByRole("button", { name: "Source 1" });
});

test("a file is put into a collection from the chat, and said to be ready when it is", async () => {
  const user = open();
  await user.click(await screen.findByRole("button", { name: "Collections" }));
  const file = new File(["Whales sing."], "whales.txt", { type: "text/plain" });
  await user.upload(await screen.findByLabelText("Files for a collection"), [file]);
  const uploads = within(await screen.findByRole("list", { name: "On the way into a collection" }));
  await uploads.findByText("Being read…");
  await screen.findByRole("button", { name: "Collections: 1 collection" });
  server.shelf.change("whales.txt", { status: "INGESTION_COMPLETED" });
  await uploads.findByText("Ready: ask about it");
  await screen.findByText("“whales.txt” is ready: you can ask about it.");
  await user.click(uploads.getByRole("button", { name: "Dismiss whales.txt" }));
  expect(screen.queryByText("Ready: ask about it")).toBeNull();
});

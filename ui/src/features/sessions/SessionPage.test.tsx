import { screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import * as files from "../../lib/save";
import { FakeServer, refusal } from "../../testing/fakeServer";
import { renderApp } from "../../testing/renderApp";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
});

const said = () => {
  const conversation = screen.getByRole("list", { name: "Conversation" });
  return Array.from(conversation.querySelectorAll("p"), (words) => words.textContent);
};
const posts = () => server.sent.filter((one) => one.method === "POST");

test("a conversation reads from top to bottom, with who said what", async () => {
  server.addSession("a", {}, 3);
  renderApp(server, "/sessions/a");
  await screen.findByText("Said 3");
  expect(said()).toEqual(["Said 1", "Said 2", "Said 3"]);
  const speakers = screen.getAllByRole("heading", { level: 2 }).map((one) => one.textContent);
  expect(speakers).toEqual(["You", "Assistant", "You"]);
  await waitFor(() => expect(document.title).toBe("Name of a · LISA"));
});

test("a session that isn't there, or is somebody else's, is not found", async () => {
  renderApp(server, "/sessions/nope");
  await screen.findByRole("heading", { name: "Session not found" });
});

test("a message is added by Enter, and a new line by Shift+Enter", async () => {
  server.addSession("a");
  const user = renderApp(server, "/sessions/a");
  const field = await screen.findByRole<HTMLTextAreaElement>("textbox", { name: "Message" });
  await user.type(field, "One{Shift>}{Enter}{/Shift}two{Enter}");
  await screen.findByText(/One\s+two/);
  expect(field.value).toBe("");
  expect(screen.getByText(/nobody answers it/)).toBeTruthy();
});

test("a message that failed stays in the field, and trying again can't add it twice", async () => {
  server.addSession("a");
  server.broken.set("POST /sessions/a/items", refusal(503, "Not now."));
  const user = renderApp(server, "/sessions/a");
  const field = await screen.findByRole<HTMLTextAreaElement>("textbox", { name: "Message" });
  await user.type(field, "Hello{Enter}");
  expect((await screen.findByRole("alert")).textContent).toContain("Not now.");
  expect(field.value).toBe("Hello");
  server.broken.clear();
  await user.click(screen.getByRole("button", { name: "Add message" }));
  await waitFor(() => expect(said()).toEqual(["Hello"]));
  const ids = posts().map(({ body }) => body.items?.[0]?.id);
  expect(ids).toHaveLength(2);
  expect(ids[0]).toBe(ids[1]);
});

test("a message that was mended after a failure is another message", async () => {
  server.addSession("a");
  server.broken.set("POST /sessions/a/items", refusal(503, "Not now."));
  const user = renderApp(server, "/sessions/a");
  const field = await screen.findByRole("textbox", { name: "Message" });
  await user.type(field, "Hello{Enter}");
  await screen.findByRole("alert");
  server.broken.clear();
  server.addItem("a", "user", "Hello", posts()[0]?.body.items?.[0]?.id);
  await user.type(field, " there{Enter}");
  await screen.findByText("Hello there");
});

test("two equal messages are two messages", async () => {
  server.addSession("a");
  const user = renderApp(server, "/sessions/a");
  const field = await screen.findByRole("textbox", { name: "Message" });
  await user.type(field, "Again{Enter}");
  await waitFor(() => expect(said()).toEqual(["Again"]));
  await user.type(field, "Again{Enter}");
  await waitFor(() => expect(said()).toEqual(["Again", "Again"]));
});

test("a long session opens at its end, and earlier items come on demand", async () => {
  server.addSession("a", {}, 120);
  const user = renderApp(server, "/sessions/a");
  await screen.findByText("Said 120");
  expect(said()).toHaveLength(50);
  await user.click(screen.getByRole("button", { name: "Show earlier" }));
  await screen.findByText("Said 21");
  expect(said()[0]).toBe("Said 21");
  expect(document.activeElement?.textContent).toBe("Said 71");
  expect(screen.getByText("100 of 120 items shown")).toBeTruthy();
});

test("a long session can be read from its start as well", async () => {
  server.addSession("a", {}, 120);
  const user = renderApp(server, "/sessions/a");
  await user.click(await screen.findByRole("button", { name: "Read from the start" }));
  await screen.findByText("Said 1");
  await user.click(screen.getByRole("button", { name: "Show later" }));
  await screen.findByText("Said 100");
  expect(said()[0]).toBe("Said 1");
  await user.click(screen.getByRole("button", { name: "Back to the newest" }));
  await screen.findByText("Said 120");
});

test("an export is one file, however many pages it came in", async () => {
  const save = vi.spyOn(files, "saveFile").mockImplementation(() => {});
  server.addSession("a", { name: "Plan: A/B" }, 3);
  const user = renderApp(server, "/sessions/a");
  await user.click(await screen.findByRole("button", { name: /^Actions for/ }));
  await user.click(await screen.findByRole("menuitem", { name: "Export as JSON" }));
  await screen.findByText("Saved Plan-A-B.json.");
  const [name, content] = save.mock.calls[0] ?? [];
  expect(name).toBe("Plan-A-B.json");
  expect(JSON.parse((await content?.text()) ?? "").items).toHaveLength(3);
});

test("an export that failed says why", async () => {
  server.addSession("a");
  server.broken.set("GET /sessions/a/export", refusal(503, "The files are away.", "Wait."));
  const user = renderApp(server, "/sessions/a");
  await user.click(await screen.findByRole("button", { name: /^Actions for/ }));
  await user.click(await screen.findByRole("menuitem", { name: "Export as Markdown" }));
  await screen.findByText("The export failed. The files are away. Wait.");
});

test("deleting the open session leads back to the list", async () => {
  server.addSession("a");
  const user = renderApp(server, "/sessions/a");
  await user.click(await screen.findByRole("button", { name: /^Actions for/ }));
  await user.click(await screen.findByRole("menuitem", { name: "Delete…" }));
  await user.click(await screen.findByRole("button", { name: "Delete" }));
  await screen.findByRole("heading", { name: "No sessions yet" });
  expect(window.location.pathname).toBe("/sessions");
  await waitFor(() => expect(document.activeElement?.id).toBe("main"));
});

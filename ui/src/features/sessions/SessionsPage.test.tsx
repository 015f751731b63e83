import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import * as files from "../../lib/save";
import { FakeServer, refusal } from "../../testing/fakeServer";
import { renderApp } from "../../testing/renderApp";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
});

const open = () => renderApp(server, "/sessions");
const main = () => within(screen.getByRole("main"));
const names = () =>
  [...screen.getByRole("main").querySelectorAll("a[data-row]")].map((row) => row.textContent);
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

test("sessions are listed as the server orders them, with what they hold", async () => {
  server.addSession("old", { name: "Older" }, 1);
  server.addSession("new", { name: "", first_message: "How  are\nyou?" }, 2);
  open();
  await screen.findByText("Older");
  expect(names()[0]).toMatch(/^How are you\?.*2 items$/);
  expect(names()[1]).toMatch(/^Older.*1 item$/);
});

test("sessions stand under the days they were changed on", async () => {
  server.addSession("b", { updated: daysAgo(3) });
  server.addSession("a", { updated: daysAgo(0) });
  open();
  await screen.findByRole("heading", { name: "Previous 7 days" });
  const headings = main().getAllByRole("heading", { level: 3 });
  expect(headings.map((one) => one.textContent)).toEqual(["Projects", "Today", "Previous 7 days"]);
});

test("an empty list says what to do", async () => {
  open();
  await screen.findByRole("heading", { name: "No sessions yet" });
});

// Without a size only the first rows are drawn: that focus goes on is seen in a browser.
test("more sessions come on demand, and one is told how many there are", async () => {
  for (let n = 1; n <= 53; n++) server.addSession(`s${n}`);
  const user = open();
  await user.click(await screen.findByText("Show more"));
  await screen.findByText("53 sessions shown");
  expect(screen.queryByText("Show more")).toBeNull();
});

test("a failure names its cause and the next step, and can be tried again", async () => {
  server.addSession("a");
  server.broken.set("GET /sessions", refusal(503, "The database is away.", "Wait a moment."));
  const user = open();
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("The database is away.Wait a moment.");
  server.broken.clear();
  await user.click(within(alert).getByRole("button", { name: "Try again" }));
  await screen.findByText("Name of a");
});

test("Tab stops once in the list, and the arrow keys lead on", async () => {
  for (const id of ["c", "b", "a"]) server.addSession(id);
  const user = open();
  const first = await screen.findByRole("link", { name: /^Name of a/ });
  const stops = () => screen.getByRole("main").querySelectorAll('a[data-row][tabindex="0"]');
  expect(stops()).toHaveLength(1);
  first.focus();
  await user.keyboard("{ArrowDown}");
  expect(document.activeElement?.textContent).toContain("Name of b");
  expect([...stops()]).toEqual([document.activeElement]);
  await user.keyboard("{End}{ArrowUp}{Home}");
  expect(document.activeElement).toBe(first);
});

async function choose(action: string) {
  const user = open();
  await user.click(await screen.findByRole("button", { name: "Actions for Name of a" }));
  await user.click(await screen.findByRole("menuitem", { name: action }));
  return user;
}

test("a session is renamed, against the version that was shown", async () => {
  server.addSession("a", { version: 3 });
  const user = await choose("Rename…");
  const field = await screen.findByRole("textbox", { name: "Name" });
  await user.clear(field);
  await user.type(field, "Better{Enter}");
  await screen.findByText("Renamed to “Better”.");
  await screen.findByRole("link", { name: /^Better/ });
  const patch = server.sent.find((one) => one.method === "PATCH");
  expect(patch?.body).toEqual({ name: "Better", version: 3 });
});

test("a rename that somebody else forestalled says so and keeps what was typed", async () => {
  server.addSession("a");
  server.broken.set("PATCH /sessions/a", refusal(409, "It changed meanwhile.", "Try again."));
  const user = await choose("Rename…");
  await user.type(await screen.findByRole("textbox", { name: "Name" }), "Mine{Enter}");
  expect((await screen.findByRole("alert")).textContent).toBe("It changed meanwhile. Try again.");
  expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Name" }).value).toContain("Mine");
});

const isAskedToDelete = () => server.sent.some(({ method }) => method === "DELETE");

async function undoHasFocus() {
  const undo = await screen.findByRole("button", { name: "Undo" });
  await waitFor(() => expect(document.activeElement).toBe(undo));
}

test("a deleted session is out of sight at once, and gone when the offer is passed", async () => {
  server.addSession("a");
  const user = await choose("Delete");
  await screen.findByText("Deleted “Name of a”.");
  await screen.findByRole("heading", { name: "No sessions yet" });
  expect(isAskedToDelete()).toBe(false);
  await user.click(screen.getByRole("button", { name: "Close" }));
  await waitFor(() => expect(server.sessions).toHaveLength(0));
});

test("who undoes has lost nothing", async () => {
  server.addSession("a");
  const user = await choose("Delete");
  await undoHasFocus();
  await user.keyboard("{Enter}");
  await screen.findByRole("link", { name: /^Name of a/ });
  expect(screen.getByText("“Name of a” is back.")).toBeTruthy();
  window.dispatchEvent(new Event("pagehide"));
  expect(isAskedToDelete()).toBe(false);
});

test("who leaves the page meanwhile has deleted", async () => {
  server.addSession("a");
  await choose("Delete");
  await screen.findByRole("button", { name: "Undo" });
  window.dispatchEvent(new Event("pagehide"));
  await waitFor(() => expect(server.sessions).toHaveLength(0));
});

test("a deletion that failed brings the session back and says why", async () => {
  server.addSession("a");
  server.broken.set("DELETE /sessions/a", refusal(503, "Not now."));
  const user = await choose("Delete");
  await user.click(await screen.findByRole("button", { name: "Close" }));
  await screen.findByText("“Name of a” wasn't deleted. Not now.");
  await screen.findByRole("link", { name: /^Name of a/ });
});

test("deleting the next one makes the one before final", async () => {
  server.addSession("b");
  server.addSession("a");
  const user = await choose("Delete");
  await undoHasFocus(); // a menu that opens before would lose it again, and close
  await user.click(await screen.findByRole("button", { name: "Actions for Name of b" }));
  await user.click(await screen.findByRole("menuitem", { name: "Delete" }));
  await waitFor(() => expect(server.sessions.map(({ id }) => id)).toEqual(["b"]));
  await user.click(await screen.findByRole("button", { name: "Undo" }));
  await screen.findByRole("link", { name: /^Name of b/ });
});

test("a zip is saved from where the server put it", async () => {
  const save = vi.spyOn(files, "saveFrom").mockImplementation(() => {});
  server.addSession("a");
  const zip = new Response(JSON.stringify({ url: "https://files.example/a.zip", next_cursor: "" }));
  server.broken.set("GET /sessions/a/export", zip);
  await choose("Export as zip with images");
  await screen.findByText("Saved Name-of-a.zip.");
  expect(save).toHaveBeenCalledWith("Name-of-a.zip", "https://files.example/a.zip");
});

const exported = (content: unknown) =>
  new File([JSON.stringify(content)], "session.json", { type: "application/json" });

test("an exported session comes back, however many requests it takes", async () => {
  const user = open();
  const items = Array.from({ length: 1_100 }, (_, n) => ({
    id: `item${n}`,
    role: "user",
    parts: [{ type: "input_text", text: `Said ${n}` }],
  }));
  const session = { id: "elsewhere", name: "From elsewhere", configuration: {}, version: 7 };
  const file = exported({ format: "lisa.session/1", session, items, next_cursor: "" });
  await user.upload(await screen.findByLabelText("Import…", { selector: "input" }), file);
  await screen.findByText("Imported “From elsewhere”.");
  expect(window.location.pathname).toBe("/sessions/imported");
  expect(server.items.get("imported")).toHaveLength(1_100);
  const sent = server.sent.filter(({ path }) => path === "/sessions/import");
  expect(sent.map(({ query }) => query.get("into"))).toEqual([null, "imported", "imported"]);
  expect(sent[0]?.body.session).toEqual({ name: "From elsewhere", configuration: {} });
});

test("another file is refused before anything is sent", async () => {
  const user = open();
  await user.upload(
    await screen.findByLabelText("Import…", { selector: "input" }),
    exported({ chats: [] }),
  );
  await screen.findByText(/The import failed. This file isn't a session/);
  expect(server.sent.some(({ path }) => path === "/sessions/import")).toBe(false);
});

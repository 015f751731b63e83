import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { DOCUMENT } from "../../testing/fakeAdministration";
import { FakeServer, refusal } from "../../testing/fakeServer";
import { renderApp } from "../../testing/renderApp";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
});

const panel = async () =>
  within((await screen.findAllByRole("region", { name: "History" }))[0] as HTMLElement);
const rows = async () => {
  const box = (await screen.findAllByRole("region", { name: "History" }))[0];
  return Array.from(box?.querySelectorAll("a[data-row]") ?? [], (row) => row.textContent);
};

test("the history stands beside other pages, and is loaded after them", async () => {
  server.addSession("a");
  renderApp(server, "/usage");
  await (await panel()).findByRole("link", { name: "Name of a" });
});

test("a new session is in the history at once", async () => {
  const user = renderApp(server, "/usage");
  await (await panel()).findByText("Your sessions will be listed here.");
  await user.click(screen.getAllByRole("button", { name: "New session" })[0] as HTMLElement);
  await (await panel()).findByRole("link", { name: "Untitled session" });
  const lists = server.sent.filter(({ path, method }) => path === "/sessions" && method === "GET");
  expect(lists.length).toBeLessThanOrEqual(2);
});

test("a failure is said where the history would be", async () => {
  server.broken.set("GET /sessions", refusal(403, "Not yours."));
  renderApp(server, "/usage");
  expect((await (await panel()).findByRole("alert")).textContent).toContain("Not yours.");
});

test("a search finds names and messages, goes on, and leads to the message", async () => {
  server.addSession("a", { name: "About whales" });
  server.addItem("a", "user", "How heavy is a whale?", "item_1");
  server.addItem("a", "assistant", "A blue whale weighs 150 tons.", "item_2");
  const user = renderApp(server, "/usage");
  await user.type(await (await panel()).findByRole("searchbox"), "whale");
  const results = within(await screen.findByRole("region", { name: "Search results" }));
  expect(results.getAllByRole("listitem")).toHaveLength(2);
  expect(results.getAllByText("whale", { selector: "mark" })).toHaveLength(3);
  await user.click(results.getByRole("button", { name: "Search further back" }));
  await user.click(await results.findByRole("link", { name: /150 tons/ }));
  await waitFor(() => expect(window.location.pathname).toBe("/sessions/a"));
  expect(new URLSearchParams(window.location.search).get("item")).toBe("item_2");
});

test("a search that finds nothing says so, and Escape brings the history back", async () => {
  server.addSession("a");
  const user = renderApp(server, "/usage");
  const field = await (await panel()).findByRole("searchbox");
  await user.type(field, "nowhere");
  await screen.findByText("Nothing found.");
  await user.type(field, "{Escape}");
  await (await panel()).findByRole("link", { name: "Name of a" });
});

test("a project is made, gets a session by its menu, and shows it", async () => {
  server.addSession("b");
  server.addSession("a");
  const user = renderApp(server, "/usage");
  await user.click(await (await panel()).findByRole("button", { name: "New project" }));
  await user.type(await screen.findByRole("textbox", { name: "Name" }), "Whales{Enter}");
  await screen.findByText("Created “Whales”.");

  await user.click(await (await panel()).findByRole("button", { name: "More about Name of a" }));
  await user.click(await screen.findByRole("menuitem", { name: "Move to project…" }));
  await user.click(await screen.findByRole("radio", { name: "Whales" }));
  await user.click(screen.getByRole("button", { name: "Move" }));
  await screen.findByText("“Name of a” is in “Whales” now.");
  await waitFor(async () => expect(await rows()).toEqual(["Name of b"]));
  await user.click((await panel()).getByRole("button", { name: "Whales" }));
  await waitFor(async () => expect(await rows()).toEqual(["Name of a", "Name of b"]));
});

test("a session is moved into a project that is made for it, and out again", async () => {
  server.addSession("a");
  const user = renderApp(server, "/usage");
  const move = async (to: string) => {
    await user.click(await (await panel()).findByRole("button", { name: "More about Name of a" }));
    await user.click(await screen.findByRole("menuitem", { name: "Move to project…" }));
    await user.click(await screen.findByRole("radio", { name: to }));
  };
  await move("In a new project");
  await user.type(screen.getByRole("textbox", { name: "Name of the new project" }), "Ships{Enter}");
  await screen.findByText("“Name of a” is in “Ships” now.");
  await user.click(await (await panel()).findByRole("button", { name: "Ships" }));
  await move("In no project");
  await user.click(screen.getByRole("button", { name: "Move" }));
  await screen.findByText("“Name of a” is in no project now.");
  expect(server.sessions[0]?.project_id).toBeNull();
});

/** What a browser carries along while something is dragged. */
function carried() {
  const data = new Map<string, string>();
  return {
    setData: (kind: string, value: string) => void data.set(kind, value),
    getData: (kind: string) => data.get(kind) ?? "",
    get types() {
      return [...data.keys()];
    },
  };
}

test("a session is dragged onto a project; anything else isn't taken", async () => {
  server.addSession("a");
  server.library.addProject("Whales");
  renderApp(server, "/usage");
  const dataTransfer = carried();
  const target = await (await panel()).findByRole("button", { name: "Whales" });
  expect(fireEvent.dragOver(target, { dataTransfer })).toBe(true);
  const link = await (await panel()).findByRole("link", { name: "Name of a" });
  fireEvent.dragStart(link, { dataTransfer });
  expect(fireEvent.dragOver(target, { dataTransfer })).toBe(false);
  fireEvent.drop(target, { dataTransfer });
  await screen.findByText("“Name of a” is in “Whales” now.");
});

test("a move that failed says so", async () => {
  server.addSession("a");
  server.library.addProject("Whales");
  server.broken.set("PUT /projects/project_1/sessions/a", refusal(409, "Somebody was faster."));
  renderApp(server, "/usage");
  const dataTransfer = carried();
  fireEvent.dragStart(await (await panel()).findByRole("link", { name: "Name of a" }), {
    dataTransfer,
  });
  fireEvent.drop(await (await panel()).findByRole("button", { name: "Whales" }), { dataTransfer });
  await screen.findByText("Nothing was moved. Somebody was faster.");
});

test("a project is renamed, and deleted with or without its sessions", async () => {
  server.addSession("a", { project_id: "project_1" });
  server.library.addProject("Whales");
  const user = renderApp(server, "/usage");
  const choose = async (action: string, name: string) => {
    await user.click(await screen.findByRole("button", { name: `More about project ${name}` }));
    await user.click(await screen.findByRole("menuitem", { name: action }));
  };
  await choose("Rename…", "Whales");
  await user.type(await screen.findByRole("textbox", { name: "Name" }), " and ships{Enter}");
  await screen.findByText("Renamed to “Whales and ships”.");
  await choose("Delete…", "Whales and ships");
  const question = within(await screen.findByRole("dialog"));
  expect(question.getByRole<HTMLInputElement>("radio", { name: /Keep them/ }).checked).toBe(true);
  await user.click(question.getByRole("radio", { name: /Delete them too/ }));
  await user.click(question.getByRole("button", { name: "Delete project" }));
  await screen.findByText("Deleted project “Whales and ships”.");
  const asked = server.sent.find(({ method }) => method === "DELETE");
  expect(asked?.query.get("sessions")).toBe("delete");
});

test("where projects are switched off there are none, and all sessions are listed", async () => {
  const off = { projectOrganization: false, deleteSessionHistory: false };
  server.administration.change({ ...DOCUMENT, enabledComponents: off });
  server.addSession("a", { project_id: "project_1" });
  const user = renderApp(server, "/usage");
  await user.click(await (await panel()).findByRole("button", { name: "More about Name of a" }));
  await screen.findByRole("menuitem", { name: "Rename…" });
  expect(screen.queryByRole("menuitem", { name: "Move to project…" })).toBeNull();
  expect(screen.queryByRole("menuitem", { name: "Delete" })).toBeNull();
  expect(screen.queryByRole("button", { name: "New project" })).toBeNull();
});

test("the open session is as new in the history as on its page", async () => {
  server.addSession("b");
  server.addSession("a", { name: "" });
  renderApp(server, "/sessions/b");
  await waitFor(async () => expect(await rows()).toEqual(["Untitled session", "Name of b"]));
  server.sessions = server.sessions.map((one) =>
    one.id === "b" ? { ...one, name: "Titled by a model", revision: 9 } : one,
  );
  await waitFor(
    async () => expect(await rows()).toEqual(["Titled by a model", "Untitled session"]),
    { timeout: 30_000 },
  );
});

test("an old session that is merely opened doesn't become the newest", async () => {
  server.addSession("old", { updated: "2020-01-01T00:00:00Z" });
  for (let n = 0; n < 50; n++) server.addSession(`s${n}`);
  renderApp(server, "/sessions/old");
  await screen.findByRole("heading", { name: "Name of old" });
  await waitFor(async () => expect((await rows())[0]).toBe("Name of s49"));
  expect(await rows()).not.toContain("Name of old");
});

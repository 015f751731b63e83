import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import type { ToolServer } from "../../api/toolServers";
import { FakeServer, refusal } from "../../testing/fakeServer";
import { renderApp } from "../../testing/renderApp";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
});

const open = (address = "/tools") => renderApp(server, address);
const kept = () => server.library.toolServers[0] as ToolServer;
const sent = (method: string) => server.sent.filter((one) => one.method === method).at(-1)?.body;
const tool = (name: string) => ({
  name,
  description: `Does ${name}`,
  input_schema: {},
  annotations: {},
});

async function choose(action: string) {
  const user = open();
  await user.click(await screen.findByRole("button", { name: "Actions for Weather" }));
  await user.click(await screen.findByRole("menuitem", { name: action }));
  return user;
}

test("an empty registry says what to do", async () => {
  open();
  await screen.findByRole("heading", { name: "No tool servers yet" });
});

test("a failure can be tried again", async () => {
  server.broken.set("GET /tool-servers", refusal(403, "The registry is away."));
  const user = open();
  const alert = await screen.findByRole("alert");
  server.broken.clear();
  await user.click(within(alert).getByRole("button", { name: "Try again" }));
  await screen.findByRole("heading", { name: "No tool servers yet" });
});

test("a server is added with a credential that nobody sees again", async () => {
  const user = open("/tools/new");
  await user.type(await screen.findByLabelText("Name"), "Weather");
  await user.type(screen.getByLabelText("Address"), "https://weather.example/mcp");
  await user.click(screen.getByRole("button", { name: "Add credential" }));
  await user.type(screen.getByLabelText("Header of credential 1"), "Authorization");
  const secret = screen.getByLabelText<HTMLInputElement>("Secret 1");
  expect(secret.type).toBe("password");
  await user.type(secret, "Bearer x");
  await user.selectOptions(screen.getByLabelText("Who may use it"), "all");
  await user.click(screen.getByRole("button", { name: "Add tool server" }));
  await screen.findByRole("heading", { name: "Weather" });
  expect(sent("POST")).toEqual({
    name: "Weather",
    description: "",
    transport: "http",
    active: true,
    url: "https://weather.example/mcp",
    command: [],
    headers: {},
    credentials: { Authorization: "Bearer x" },
    groups: ["lisa:public"],
  });
});

test("who administrates nothing can't share, nor run programs", async () => {
  server.me = { ...server.me, admin: false };
  open("/tools/new");
  const kinds = within(await screen.findByLabelText("It speaks"));
  expect(kinds.queryByRole("option", { name: "Program" })).toBeNull();
  expect(screen.queryByLabelText("Who may use it")).toBeNull();
});

test("a program is a command, one part on each line", async () => {
  const user = open("/tools/new");
  await user.type(await screen.findByLabelText("Name"), "Local");
  await user.selectOptions(screen.getByLabelText("It speaks"), "stdio");
  await user.type(screen.getByLabelText("Command"), "tools{Enter}--quiet{Enter}");
  await user.click(screen.getByRole("button", { name: "Add tool server" }));
  await screen.findByRole("heading", { name: "Local" });
  expect(sent("POST")).toMatchObject({
    transport: "stdio",
    url: "",
    command: ["tools", "--quiet"],
  });
});

test("of credentials the others stay: one is replaced, one forgotten", async () => {
  server.library.addToolServer({ credentials: ["A", "B", "C"], headers: { "X-Plain": "1" } });
  const user = await choose("Edit…");
  await user.type(await screen.findByLabelText("Secret 1"), "new");
  await user.click(screen.getByRole("button", { name: "Remove B" }));
  await user.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByText("Changed “Weather”.");
  expect(sent("PUT")).toMatchObject({
    version: 1,
    credentials: { A: "new", B: null },
    headers: { "X-Plain": "1" },
  });
});

test("a test tells what answers, or why nothing does", async () => {
  server.library.addToolServer();
  server.library.tools = [tool("look"), tool("find")];
  const user = await choose("Test");
  await screen.findByText("It answers: 2 tools in 12 ms.");
  server.broken.set("POST /tool-servers/server_1/test", refusal(503, "Nobody is at home."));
  await waitFor(() => expect(screen.queryByRole("menu")).toBeNull());
  await user.click(screen.getByRole("button", { name: "Actions for Weather" }));
  await user.click(await screen.findByRole("menuitem", { name: "Test" }));
  expect((await screen.findByRole("alert")).textContent).toContain("Nobody is at home.");
});

test("a server is switched on, and each of its tools asks first, just runs or is off", async () => {
  server.library.addToolServer();
  server.library.tools = [tool("look"), tool("find")];
  const user = open();
  await user.click(await screen.findByRole("checkbox", { name: "Use it in my sessions" }));
  await user.click(await screen.findByRole("button", { name: "Choose tools" }));
  await user.selectOptions(await screen.findByLabelText("How look is used"), "run");
  await user.selectOptions(await screen.findByLabelText("How find is used"), "off");
  const chosen = { enabled: true, disabled_tools: ["find"], approved_tools: ["look"] };
  await waitFor(() => expect(kept().choices).toEqual(chosen));
});

test("a choice that isn't kept is taken back and said", async () => {
  server.library.addToolServer();
  server.broken.set("PUT /tool-servers/server_1/choices", refusal(503, "Not now."));
  const user = open();
  await user.click(await screen.findByRole("checkbox", { name: "Use it in my sessions" }));
  await screen.findByText("Your choice wasn't kept. Not now.");
  await waitFor(() => expect(screen.getByRole<HTMLInputElement>("checkbox").checked).toBe(false));
});

test("a server is removed only after the question", async () => {
  server.library.addToolServer();
  const user = await choose("Remove…");
  const question = within(await screen.findByRole("alertdialog"));
  await user.click(question.getByRole("button", { name: "Remove" }));
  await screen.findByRole("heading", { name: "No tool servers yet" });
});

test("others' servers can be tried and used, not changed", async () => {
  server.library.addToolServer({ owner: "grace", is_owner: false, may_change: false });
  const user = open();
  await user.click(await screen.findByRole("button", { name: "Actions for Weather" }));
  await screen.findByRole("menuitem", { name: "Test" });
  expect(screen.queryByRole("menuitem", { name: "Edit…" })).toBeNull();
});

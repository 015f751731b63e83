import { act, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { FakeServer, refusal } from "../../testing/fakeServer";
import { renderApp } from "../../testing/renderApp";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
  server.serving.addModel("small", { contextWindow: 8_000 });
  server.addSession("a");
});

const open = () => renderApp(server, "/sessions/a");
const field = () => screen.findByRole<HTMLTextAreaElement>("textbox", { name: "Message" });
const conversation = () => screen.getByRole("list", { name: "Conversation" });
const said = () =>
  Array.from(conversation().querySelectorAll("p:not([class*=muted])"), (one) => one.textContent);
const posts = (path = "/v1/responses") =>
  server.sent.filter((one) => one.method === "POST" && one.path === path);
const hold = () => {
  server.chat.answer = () => {};
};

test("a conversation reads from top to bottom, with who said what", async () => {
  server.addSession("b", {}, 3);
  renderApp(server, "/sessions/b");
  await screen.findByText("Said 3");
  expect(said()).toEqual(["Said 1", "Said 2", "Said 3"]);
  const speakers = screen.getAllByRole("heading", { level: 2 }).map((one) => one.textContent);
  expect(speakers).toEqual(["You", "Assistant", "You"]);
  await waitFor(() => expect(document.title).toBe("Name of b · LISA"));
});

test("a session that isn't there, or is somebody else's, is not found", async () => {
  renderApp(server, "/sessions/nope");
  await screen.findByRole("heading", { name: "Session not found" });
});

test("a question is asked by Enter and answered below, and a new line is Shift+Enter", async () => {
  const user = open();
  await screen.findByRole("option", { name: "small" });
  await user.type(await field(), "One{Shift>}{Enter}{/Shift}two{Enter}");
  await screen.findByText(/You said: One\s+two/);
  expect((await field()).value).toBe("");
  expect(posts()[0]?.body).toMatchObject({
    model: "small",
    conversation: "a",
    store: true,
    input: [{ role: "user", content: [{ type: "input_text", text: "One\ntwo" }] }],
  });
  expect(screen.getByText(/107\.5 tokens\/s/)).toBeTruthy();
  expect(screen.getByRole("meter", { name: "Context" })).toBeTruthy();
});

test("stopping stops at the server, also a model that says nothing any more", async () => {
  hold();
  const user = open();
  await screen.findByRole("option", { name: "small" });
  await user.type(await field(), "Hello{Enter}");
  await screen.findByText("Waiting for the first word…");
  act(() => void server.chat.last.say("Only so"));
  await screen.findByText("Only so");
  await user.click(screen.getByRole("button", { name: "Stop" }));
  await screen.findByText("You stopped this answer.");
  expect(screen.getByText("Only so")).toBeTruthy();
  expect(server.chat.last.status).toBe("cancelled");
  expect(document.activeElement).toBe(await field());
});

test("an answer that is under way when the page opens is watched to its end", async () => {
  hold();
  const first = open();
  await screen.findByRole("option", { name: "small" });
  await first.type(await field(), "Hello{Enter}");
  await waitFor(() => expect(server.chat.turns).toHaveLength(1));
  server.chat.last.say("Begun ");
  document.body.innerHTML = "";
  renderApp(server, "/sessions/a");
  await screen.findByText("Begun");
  act(() => void server.chat.last.say("and over.").end());
  await screen.findByText("Begun and over.");
  expect(server.items.get("a")).toHaveLength(2);
});

test("a connection that breaks loses nothing and doubles nothing", async () => {
  hold();
  const user = open();
  await screen.findByRole("option", { name: "small" });
  await user.type(await field(), "Hello{Enter}");
  await waitFor(() => expect(server.chat.turns).toHaveLength(1));
  server.chat.last.say("One ");
  await screen.findByText("One");
  server.chat.last.cut();
  server.chat.last.say("two ").say("three").end();
  await screen.findByText("One two three");
  const watched = server.sent.filter(({ query }) => query.get("stream") === "true");
  expect(watched.map(({ query }) => query.get("starting_after"))).toEqual(["2"]);
});

test("a question that wasn't taken stays, says why, and can be asked again without doubling", async () => {
  server.broken.set("POST /v1/responses", refusal(503, "Not now."));
  const user = open();
  await screen.findByRole("option", { name: "small" });
  await user.type(await field(), "Hello{Enter}");
  expect((await screen.findByRole("alert")).textContent).toContain("Not now.");
  expect(said()).toEqual(["Hello"]);
  server.broken.clear();
  await user.click(within(screen.getByRole("alert")).getByRole("button"));
  await screen.findByText("You said: Hello");
  const ids = posts().map(({ body }) => body.input[0].id);
  expect(ids).toHaveLength(2);
  expect(ids[0]).toBe(ids[1]);
});

test("a turn that failed says what the server said", async () => {
  server.chat.answer = (turn) => turn.end("failed", "upstream", "The model is away.");
  const user = open();
  await screen.findByRole("option", { name: "small" });
  await user.type(await field(), "Hello{Enter}");
  await screen.findByText(/The model is away/);
});

test("an answer that fails when it is asked for anew leaves the former one, and says why", async () => {
  const user = open();
  await screen.findByRole("option", { name: "small" });
  await user.type(await field(), "Hello{Enter}");
  await screen.findByText("You said: Hello");
  server.chat.answer = (turn) => turn.end("failed", "upstream", "The model is away.");
  const actions = screen.getByRole("group", { name: /said by Assistant/ });
  await user.click(within(actions).getByRole("button", { name: "Try again" }));
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("The model is away.");
  expect(screen.getByText("You said: Hello")).toBeTruthy();
  server.chat.answer = (turn) => turn.say("Otherwise.").end();
  await user.click(within(alert).getByRole("button", { name: "Try again" }));
  await screen.findByText("Otherwise.");
  expect(screen.queryByRole("alert")).toBeNull();
});

test("an answer is asked for anew, and one can go back to the former", async () => {
  const user = open();
  await screen.findByRole("option", { name: "small" });
  await user.type(await field(), "Hello{Enter}");
  await screen.findByText("You said: Hello");
  server.chat.answer = (turn) => turn.say("Otherwise.").end();
  const actions = screen.getByRole("group", { name: /said by Assistant/ });
  await user.click(within(actions).getByRole("button", { name: "Try again" }));
  await screen.findByText("Otherwise.");
  const question = posts()[0]?.body.input[0].id;
  expect(posts()[1]?.body).toMatchObject({ input: [], lisa: { parent_id: question } });
  expect(screen.getByText("2 / 2")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Version before" }));
  await screen.findByText("You said: Hello");
  const versions = screen.getByRole("group", { name: "Versions" });
  expect(within(versions).getByText("1 / 2")).toBeTruthy();
});

test("a question is edited: the former one stays as a version", async () => {
  const user = open();
  await screen.findByRole("option", { name: "small" });
  await user.type(await field(), "Helo{Enter}");
  await screen.findByText("You said: Helo");
  await user.click(screen.getByRole("button", { name: "Edit" }));
  const box = screen.getByRole("textbox", { name: "Edit your message" });
  await user.clear(box);
  await user.type(box, "Hello{Enter}");
  await screen.findByText("You said: Hello");
  expect(posts()[1]?.body.lisa.parent_id).toBeNull();
  expect(said()[0]).toBe("Hello");
  await user.click(screen.getByRole("button", { name: "Version before" }));
  await screen.findByText("You said: Helo");
});

test("a message is deleted at once, and comes back as long as that is offered", async () => {
  server.addSession("b", {}, 2);
  const user = renderApp(server, "/sessions/b");
  await screen.findByText("Said 2");
  const mine = screen.getByRole("group", { name: /said by You/ });
  await user.click(within(mine).getByRole("button", { name: "Delete" }));
  await waitFor(() => expect(said()).toEqual(["Said 2"]));
  expect(server.items.get("b")?.[0]?.removed).toBe(true);
  await user.click(screen.getByRole("button", { name: "Undo" }));
  await waitFor(() => expect(said()).toEqual(["Said 1", "Said 2"]));
  await waitFor(() => expect(server.items.get("b")?.[0]?.removed).toBe(false));
});

test("a tool is used when it is allowed, and the answer goes on below it", async () => {
  server.chat.answer = (turn) =>
    turn
      .add({
        id: "req",
        type: "mcp_approval_request",
        server_label: "files",
        name: "read_file",
        arguments: '{"path":"notes"}',
      })
      .end();
  const user = open();
  await screen.findByRole("option", { name: "small" });
  await user.type(await field(), "Read it{Enter}");
  await screen.findByRole("group", { name: "May read_file be used?" });
  expect(screen.getByText(/"path": "notes"/)).toBeTruthy();
  server.chat.answer = (turn) => turn.say("It is read.").end();
  await user.click(screen.getByRole("button", { name: "Allow in this session" }));
  await screen.findByText("It is read.");
  expect(posts()[1]?.body).toMatchObject({
    input: [{ type: "mcp_approval_response", approval_request_id: "req", approve: true }],
    lisa: { approval: "session" },
  });
  expect(screen.getAllByRole("heading", { name: "Assistant" })).toHaveLength(1);
  expect(screen.getByText("Allowed")).toBeTruthy();
});

test("another program's words appear when one looks at the page again", async () => {
  open();
  await screen.findByText("What can I do for you?");
  server.addItem("a", "user", "From elsewhere");
  window.dispatchEvent(new Event("visibilitychange"));
  await screen.findByText("From elsewhere");
});

test("a session opens at the item that a search found, in whichever branch that is", async () => {
  const said = (id: string, role: string, text: string, parent_id: string | null) => {
    const item = server.addItem("a", role as "user", text, id);
    Object.assign(item, { parent_id, response_id: `r-${id}` });
  };
  said("q", "user", "Question", null);
  said("one", "assistant", "The first answer", "q");
  said("two", "assistant", "The second answer", "q");
  renderApp(server, "/sessions/a?item=one");
  await screen.findByText("The first answer");
  expect(screen.queryByText("The second answer")).toBeNull();
});

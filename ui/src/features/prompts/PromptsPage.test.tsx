import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { keptDraft } from "../../lib/drafts";
import { FakeServer, refusal } from "../../testing/fakeServer";
import { renderApp } from "../../testing/renderApp";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
});

const open = () => renderApp(server, "/prompts");
const sent = (method: string) =>
  server.sent.filter((one) => one.method === method && one.path.startsWith("/prompts")).at(-1);

async function choose(action: string, title = "Pirate") {
  const user = open();
  await user.click(await screen.findByRole("button", { name: `Actions for ${title}` }));
  await user.click(await screen.findByRole("menuitem", { name: action }));
  return user;
}

test("an empty library says what it is for", async () => {
  open();
  await screen.findByRole("heading", { name: "No prompts yet" });
});

test("a prompt is written, for oneself unless one says otherwise", async () => {
  const user = open();
  await user.click(await screen.findByRole("button", { name: "New prompt" }));
  await user.type(await screen.findByLabelText("Title"), "Pirate");
  await user.type(screen.getByLabelText("Text"), "Arr!");
  await user.click(screen.getByRole("button", { name: "Add prompt" }));
  await screen.findByText("Added “Pirate”.");
  await screen.findByText("Only you");
  expect(sent("POST")?.body).toEqual({
    title: "Pirate",
    type: "persona",
    body: "Arr!",
    groups: [],
  });
});

test("a prompt is shared with groups, and they must be named", async () => {
  server.me = { ...server.me, groups: ["team", "other"] };
  const user = open();
  await user.click(await screen.findByRole("button", { name: "New prompt" }));
  await user.type(await screen.findByLabelText("Title"), "Shorten");
  await user.selectOptions(screen.getByLabelText("Kind"), "directive");
  await user.type(screen.getByLabelText("Text"), "Make it shorter.");
  await user.selectOptions(screen.getByLabelText("Who may use it"), "groups");
  const add = screen.getByRole<HTMLButtonElement>("button", { name: "Add prompt" });
  expect(add.disabled).toBe(true);
  screen.getByText(/Yours: team, other/);
  await user.type(screen.getByLabelText("Groups"), "team, other");
  await user.click(add);
  await screen.findByText("team, other");
  expect(sent("POST")?.body.groups).toEqual(["team", "other"]);
});

test("a change is another version, against the one that was shown", async () => {
  server.library.addPrompt({ version: 3 });
  const user = await choose("Edit…");
  await user.selectOptions(await screen.findByLabelText("Who may use it"), "all");
  await user.click(screen.getByRole("button", { name: "Save as a new version" }));
  await screen.findByText("“Pirate” is at version 4 now.");
  await screen.findByText("Everybody");
  expect(sent("PUT")?.body).toMatchObject({ version: 3, groups: ["lisa:public"] });
});

test("who was forestalled keeps what was typed", async () => {
  server.library.addPrompt();
  server.broken.set("PUT /prompts/prompt_1", refusal(409, "Somebody was faster."));
  const user = await choose("Edit…");
  await user.type(await screen.findByLabelText("Text"), " Always.");
  await user.click(screen.getByRole("button", { name: "Save as a new version" }));
  expect((await screen.findByRole("alert")).textContent).toContain("Somebody was faster.");
  const field = screen.getByLabelText<HTMLTextAreaElement>("Text");
  expect(field.value).toBe("Speak like a pirate. Always.");
});

test("a former version is looked at and made the newest", async () => {
  const first = server.library.addPrompt();
  server.library.prompts = [{ ...first, body: "Other.", version: 2 }];
  server.library.revisions.unshift({ ...first, body: "Other.", version: 2 });
  const user = await choose("Versions…");
  const versions = within(await screen.findByRole("list", { name: "Versions" }));
  expect(versions.getAllByRole("heading").map((one) => one.textContent)).toEqual([
    "Version 2",
    "Version 1",
  ]);
  await user.click(versions.getByRole("button", { name: "Make it the newest" }));
  await screen.findByText("Version 1 is back, as version 3.");
  expect(sent("PUT")?.body).toMatchObject({ version: 2, body: "Speak like a pirate." });
});

test("a prompt is deleted only after the question", async () => {
  server.library.addPrompt();
  const user = await choose("Delete…");
  const question = within(await screen.findByRole("alertdialog"));
  await user.click(question.getByRole("button", { name: "Delete" }));
  await screen.findByRole("heading", { name: "No prompts yet" });
});

test("those of others are shown without what one may not do", async () => {
  server.me = { ...server.me, admin: false };
  server.library.shared = [
    {
      ...server.library.addPrompt(),
      id: "theirs",
      title: "Theirs",
      owner: "grace",
      is_owner: false,
      may_change: false,
    },
  ];
  const user = open();
  await user.click(await screen.findByRole("radio", { name: "Shared with me" }));
  await screen.findByRole("heading", { name: "Theirs" });
  screen.getByText("grace");
  expect(screen.queryByRole("button", { name: /^Actions for/ })).toBeNull();
  expect(screen.queryByRole("radio", { name: "Everybody's" })).toBeNull();
});

test("a persona begins a session that keeps it", async () => {
  server.library.addPrompt();
  const user = open();
  await user.click(await screen.findByRole("button", { name: "Use in a new session" }));
  await waitFor(() => expect(window.location.pathname).toBe("/sessions/fresh"));
  expect(server.sessions[0]?.configuration.persona).toEqual({
    id: "prompt_1",
    title: "Pirate",
    body: "Speak like a pirate.",
  });
});

test("a directive waits in the field of a new session", async () => {
  server.library.addPrompt({ type: "directive", body: "Make it shorter." });
  const user = open();
  await user.click(await screen.findByRole("button", { name: "Use in a new session" }));
  await waitFor(() => expect(keptDraft("fresh").said).toBe("Make it shorter."));
  expect(server.sessions[0]?.configuration.persona).toBeUndefined();
});

test("a failure can be tried again", async () => {
  server.broken.set("GET /prompts", refusal(403, "The library is away."));
  const user = open();
  const alert = await screen.findByRole("alert");
  server.broken.clear();
  await user.click(within(alert).getByRole("button", { name: "Try again" }));
  await screen.findByRole("heading", { name: "No prompts yet" });
});

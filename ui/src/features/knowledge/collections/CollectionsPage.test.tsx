import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { FakeServer, refusal } from "../../../testing/fakeServer";
import { renderApp } from "../../../testing/renderApp";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
});

const open = () => renderApp(server, "/knowledge");
const sent = (method: string) =>
  server.sent.findLast((one) => one.method === method && one.path.includes("/collections"));

async function choose(action: string, name = "Papers") {
  const user = open();
  await user.click(await screen.findByRole("button", { name: `Actions for ${name}` }));
  await user.click(await screen.findByRole("menuitem", { name: action }));
  return user;
}

test("without a place for documents administrators are led to the repositories", async () => {
  open();
  await screen.findByRole("heading", { name: "There is no place for documents yet" });
  screen.getByRole("link", { name: "To the repositories" });
});

test("without a place for documents others are told whom to ask", async () => {
  server.me = { ...server.me, admin: false };
  open();
  await screen.findByText(/Ask an administrator to make a repository/);
  expect(screen.queryByRole("link", { name: "Repositories" })).toBeNull();
});

test("everybody makes a private collection", async () => {
  server.knowledge.addRepository({ mayCreateCollections: false });
  const user = open();
  await screen.findByRole("heading", { name: "No collections yet" });
  await user.click(screen.getByRole("button", { name: "New collection" }));
  await user.type(await screen.findByLabelText("Name"), "My papers");
  expect(screen.queryByLabelText("Who may use it")).toBeNull();
  await user.click(screen.getByRole("button", { name: "Make collection" }));
  await screen.findByText("Made “My papers”.");
  await screen.findByRole("link", { name: "My papers" });
  screen.getByText("Private");
  expect(sent("POST")?.body).toMatchObject({ name: "My papers", private: true });
  expect(sent("POST")?.body.chunking).toBeUndefined();
});

test("who keeps a repository makes a shared one, cut in its own way", async () => {
  server.knowledge.addRepository();
  const user = open();
  await user.click(await screen.findByRole("button", { name: "New collection" }));
  await user.selectOptions(await screen.findByLabelText("Who may use it"), "shared");
  await user.type(screen.getByLabelText("Name"), "Papers");
  await user.type(screen.getByLabelText("Groups"), "team, other");
  await user.click(screen.getByLabelText(/Cut documents in another way/));
  await user.selectOptions(screen.getByLabelText(/How documents are cut/), "tokens");
  screen.getByText(/Passages of one length/);
  await user.click(screen.getByRole("button", { name: "Make collection" }));
  await screen.findByText("Made “Papers”.");
  expect(sent("POST")?.body).toMatchObject({
    private: false,
    groups: ["team", "other"],
    chunking: { strategy: "tokens", size: 220, overlap: 40 },
  });
});

test("a change is sent against the version that was shown", async () => {
  server.knowledge.addRepository();
  server.knowledge.addCollection({ name: "Papers", version: 4 });
  const user = await choose("Edit…");
  await user.type(await screen.findByLabelText("Description"), "About whales");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByText("Changed “Papers”.");
  expect(sent("PUT")?.body).toMatchObject({ version: 4, description: "About whales" });
});

test("groups can be taken away again: then it is the repository's that may use it", async () => {
  server.knowledge.addRepository();
  server.knowledge.addCollection({ name: "Papers", groups: ["team"] });
  const user = await choose("Edit…");
  await user.clear(await screen.findByLabelText("Groups"));
  await user.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByText("Changed “Papers”.");
  expect(sent("PUT")?.body.groups).toBeNull();
});

test("a collection is deleted after the question, which says what goes with it", async () => {
  server.knowledge.addRepository();
  server.knowledge.addCollection({ name: "Papers" });
  const user = await choose("Delete…");
  const question = within(await screen.findByRole("alertdialog"));
  await question.findByText("It has 2 documents and 30 passages.");
  await user.click(question.getByRole("button", { name: "Delete" }));
  await screen.findByText("“Papers” is being deleted.");
  await screen.findByRole("heading", { name: "No collections yet" });
});

test("collections are found by their names, and lead to documents and to the search", async () => {
  server.knowledge.addRepository();
  server.knowledge.addCollection({ name: "Papers" });
  server.knowledge.addCollection({ name: "Other", collectionId: "other" });
  const user = open();
  await screen.findByRole("link", { name: "Other" });
  await user.type(screen.getByLabelText("Find a collection"), "Pap");
  await waitFor(() => expect(screen.queryByRole("link", { name: "Other" })).toBeNull());
  const link = await screen.findByRole("link", { name: "Papers" });
  expect(link.getAttribute("href")).toBe("/knowledge/in/local/default");
  await user.type(screen.getByLabelText("Find a collection"), "xyz");
  await screen.findByRole("heading", { name: "No collection fits" });
});

test("what one may not do isn't offered", async () => {
  server.knowledge.addCollection({ name: "Papers", mayChange: false, mayDelete: false });
  const user = open();
  await user.click(await screen.findByRole("button", { name: "Actions for Papers" }));
  await screen.findByRole("menuitem", { name: "Search" });
  expect(screen.queryByRole("menuitem", { name: "Edit…" })).toBeNull();
  expect(screen.queryByRole("menuitem", { name: "Delete…" })).toBeNull();
});

test("a failure can be tried again", async () => {
  server.broken.set("GET /collections", refusal(403, "The collections are away."));
  const user = open();
  const alert = await screen.findByRole("alert");
  server.broken.clear();
  await user.click(within(alert).getByRole("button", { name: "Try again" }));
  await screen.findByRole("heading", { name: "There is no place for documents yet" });
});

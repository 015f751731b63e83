import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { FakeServer, refusal } from "../../../testing/fakeServer";
import { renderApp } from "../../../testing/renderApp";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
  server.knowledge.addCollection();
});

const ADDRESS = "/knowledge/in/local/default";
const open = (query = "") => renderApp(server, ADDRESS + query);
const text = (name: string) => new File(["Whales sing."], name, { type: "text/plain" });
const sent = (method: string, ending: string) =>
  server.sent.filter((one) => one.method === method && one.path.endsWith(ending));
const row = async (name: string) => {
  const heading = await screen.findByRole("heading", { name });
  return within(heading.closest("li") as HTMLElement);
};

test("an empty collection says what to do", async () => {
  open();
  await screen.findByRole("heading", { name: "No documents yet" });
  screen.getByRole("button", { name: "Upload files" });
});

test("files are uploaded by the button, several at once, and followed until they are ready", async () => {
  const user = open();
  await user.upload(await screen.findByLabelText("Files to upload"), [
    text("one.txt"),
    text("two.txt"),
  ]);
  await row("one.txt");
  expect(server.shelf.put.length).toBe(2);
  await waitFor(() => expect(sent("POST", "/documents").length).toBe(2));
  expect(sent("POST", "/uploads")[0]?.body).toEqual({
    name: "one.txt",
    size: 12,
    contentType: "text/plain",
  });
  server.shelf.change("one.txt", { status: "INGESTION_IN_PROGRESS", passages: 3, expected: 9 });
  await (await row("one.txt")).findByText("3 of 9 passages");
  (await row("one.txt")).getByRole("progressbar", { name: "Progress of one.txt" });
  server.shelf.change("one.txt", { status: "INGESTION_COMPLETED", passages: 9 });
  await (await row("one.txt")).findByText("Ready");
  await screen.findByText("“one.txt” is ready.");
});

test("tags and facts go with what is uploaded after they were said", async () => {
  const user = open();
  const field = await screen.findByLabelText("Files to upload");
  await user.click(screen.getByText("Tags and facts for the files you upload next"));
  await user.type(screen.getByLabelText("Tags"), "sea, not so");
  await user.upload(field, [text("one.txt")]);
  expect((await screen.findByRole("alert")).textContent).toContain("“not so” can't be a tag");
  expect(sent("POST", "/uploads")).toEqual([]);
  await user.clear(screen.getByLabelText("Tags"));
  await user.type(screen.getByLabelText("Tags"), "sea");
  await user.type(screen.getByLabelText("Facts"), "year: 2024\nby: Ada Byron\nkept: true");
  await user.upload(field, [text("one.txt")]);
  await row("one.txt");
  expect(screen.queryByRole("alert")).toBeNull();
  expect(sent("POST", "/uploads")[0]?.body).toMatchObject({
    tags: ["sea"],
    facts: { year: 2024, by: "Ada Byron", kept: true },
  });
});

test("files come by drop", async () => {
  open();
  const button = await screen.findByRole("button", { name: "Upload files" });
  const zone = button.parentElement as HTMLElement;
  fireEvent.dragOver(zone, { dataTransfer: { files: [] } });
  await screen.findByText("Drop files here to put them into this collection.");
  fireEvent.drop(zone, { dataTransfer: { files: [text("dropped.txt")] } });
  await row("dropped.txt");
});

test("an upload shows how far it is, can be cancelled, and fails with what to do", async () => {
  let finish = () => {};
  server.shelf.onPut = ({ onProgress, signal }) => {
    onProgress(0.42);
    return new Promise((resolve, reject) => {
      finish = () =>
        resolve({
          status: 403,
          body: JSON.stringify({ error: { message: "the link is too old" } }),
        });
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  };
  const user = open();
  await user.upload(await screen.findByLabelText("Files to upload"), [text("one.txt")]);
  await screen.findByText("Uploading… 42 %");
  await user.click(screen.getByRole("button", { name: "Cancel one.txt" }));
  expect(screen.queryByText("Uploading… 42 %")).toBeNull();
  await user.upload(screen.getByLabelText("Files to upload"), [text("two.txt")]);
  await screen.findByText("Uploading… 42 %");
  finish();
  expect((await screen.findByRole("alert")).textContent).toContain("The link is too old.");
  server.shelf.onPut = async () => ({ status: 200, body: "" });
  await user.click(screen.getByRole("button", { name: "Try again" }));
  await waitFor(() => expect(sent("POST", "/documents").length).toBe(1));
});

test("a failure says why and what to do, and all that failed are tried again", async () => {
  server.shelf.addDocument("broken.pdf", {
    status: "INGESTION_FAILED",
    cause: "the file is damaged",
    nextStep: "Save it again.",
  });
  const user = open();
  await (await row("broken.pdf")).findByText("The file is damaged. Save it again.");
  await user.click(screen.getByRole("button", { name: "Try all failed again" }));
  await screen.findByText("1 document will be tried again.");
  await (await row("broken.pdf")).findByText("Waiting");
});

test("documents are found by name and by state", async () => {
  server.shelf.addDocument("whales.txt");
  server.shelf.addDocument("broken.pdf", { status: "INGESTION_FAILED" });
  const user = open();
  await row("whales.txt");
  await user.selectOptions(screen.getByLabelText("State"), "INGESTION_FAILED");
  await waitFor(() => expect(screen.queryByRole("heading", { name: "whales.txt" })).toBeNull());
  await row("broken.pdf");
  await user.type(screen.getByLabelText("Find by name"), "whales");
  await screen.findByRole("heading", { name: "No document fits" });
});

test("several are deleted after the question, and only those that are shown", async () => {
  for (const name of ["one.txt", "two.txt", "three.txt"]) server.shelf.addDocument(name);
  const user = open();
  await user.click(await screen.findByRole("checkbox", { name: "Select one.txt" }));
  await user.click(screen.getByRole("checkbox", { name: "Select two.txt" }));
  await user.click(screen.getByRole("button", { name: "Delete…" }));
  const question = within(await screen.findByRole("alertdialog"));
  question.getByText("2 documents and their passages will be deleted from here.");
  await user.click(question.getByRole("button", { name: "Delete" }));
  await waitFor(() => expect(screen.queryByRole("heading", { name: "one.txt" })).toBeNull());
  await row("three.txt");
  screen.getByRole("checkbox", { name: "Select all that are shown" });
});

test("a preview opens at the passage that an address names, and shows what is around", async () => {
  server.shelf.addDocument("whales.txt");
  server.shelf.addPassages(40);
  const user = open("?document=file_1&at=20");
  const panel = within(await screen.findByRole("dialog", { name: "whales.txt" }));
  const passages = await panel.findByRole("list", { name: "Passages" });
  expect(within(passages).getAllByRole("listitem").length).toBe(10);
  const meant = passages.querySelector("[aria-current]");
  expect(meant?.textContent).toBe("The passage: Page 21 · ChapterPassage number 20.");
  await user.click(panel.getByRole("button", { name: "Show earlier passages" }));
  await panel.findByText("Passage number 8.");
  await user.click(panel.getByRole("button", { name: "Show later passages" }));
  await panel.findByText("Passage number 37.");
  await user.click(panel.getByRole("button", { name: "Close" }));
  await waitFor(() => expect(window.location.search).toBe(""));
});

test("a preview finds a passage by a character of it", async () => {
  server.shelf.addDocument("whales.txt");
  server.shelf.addPassages(150);
  open("?document=file_1&start=1234");
  const panel = await screen.findByRole("dialog", { name: "whales.txt" });
  await within(panel).findByText("Passage number 123.");
  expect(panel.querySelector("[aria-current]")?.textContent).toContain("number 123.");
});

test("tags and facts are shown, and readers aren't offered what they may not do", async () => {
  Object.assign(server.knowledge.collections[0] ?? {}, { mayAdd: false });
  server.shelf.addDocument("whales.txt", {
    tags: ["sea"],
    facts: { year: 2024 },
    mayChange: false,
  });
  const user = open();
  const one = await row("whales.txt");
  one.getByText("sea");
  one.getByText("2024");
  expect(screen.queryByRole("button", { name: "Upload files" })).toBeNull();
  expect(one.queryByRole("checkbox")).toBeNull();
  await user.click(await one.findByRole("button", { name: "Actions for whales.txt" }));
  await screen.findByRole("menuitem", { name: "Preview" });
  expect(screen.queryByRole("menuitem", { name: "Delete…" })).toBeNull();
});

test("a collection that isn't there leads back to the others", async () => {
  renderApp(server, "/knowledge/in/local/nowhere");
  await screen.findByRole("heading", { name: "Collection not found" });
  screen.getByRole("link", { name: "All collections" });
});

test("a failure can be tried again", async () => {
  const path = "GET /repositories/local/collections/default/documents";
  server.broken.set(path, refusal(403, "The documents are away."));
  const user = open();
  const alert = await screen.findByRole("alert");
  server.broken.clear();
  await user.click(within(alert).getByRole("button", { name: "Try again" }));
  await screen.findByRole("heading", { name: "No documents yet" });
});

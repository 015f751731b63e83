import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { FakeServer, refusal } from "../../../testing/fakeServer";
import { renderApp } from "../../../testing/renderApp";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
});

const sent = (method: string) =>
  server.sent.findLast((one) => one.method === method && one.path.startsWith("/repositories"));
const RUN = {
  runId: "run_1",
  pipelineId: "nightly",
  began: "2026-01-01T00:00:00Z",
  ended: "2026-01-01T00:01:00Z",
  added: 3,
  changed: 2,
  removed: 1,
  failed: 0,
  cause: "",
};

test("repositories are listed with their stores, states and groups", async () => {
  server.knowledge.addRepository({ groups: ["team"] });
  server.knowledge.addRepository({
    repositoryId: "far",
    name: "Far",
    type: "opensearch",
    status: "CREATE_FAILED",
    reason: "the store doesn't answer",
    nextStep: "Check its address.",
    store: null,
  });
  renderApp(server, "/knowledge/repositories");
  await screen.findByRole("link", { name: "Local" });
  screen.getByText("PostgreSQL with pgvector, the deployment's own");
  screen.getByText("team");
  screen.getByText("The store doesn't answer. Check its address.");
});

test("repositories are nothing for people who don't keep them", async () => {
  server.me = { ...server.me, admin: false };
  renderApp(server, "/knowledge/repositories");
  await screen.findByRole("heading", { name: "Page not found" });
});

test("a repository is made step by step, in a store that exists already", async () => {
  server.serving.addModel("lisa-embed", { modelType: "embedding" });
  const user = renderApp(server, "/knowledge/new-repository");
  const next = () => user.click(screen.getByRole("button", { name: "Next" }));
  await user.type(await screen.findByLabelText("Id"), "papers");
  await user.type(screen.getByLabelText("Name"), "Papers");
  await user.selectOptions(screen.getByLabelText("Kind of store"), "opensearch");
  await user.selectOptions(screen.getByLabelText("Where passages are kept"), "there");
  await user.type(screen.getByLabelText("Address"), "https://search.example.com");
  await user.type(screen.getByLabelText("Where its credentials lie"), "env:SEARCH");
  await next();
  await screen.findByRole("heading", { name: "Embedding" });
  await screen.findByRole("option", { name: "lisa-embed" });
  await user.selectOptions(screen.getByLabelText("Embedding model"), "lisa-embed");
  await next();
  screen.getByText(/Passages keep what belongs together/);
  await next();
  await user.type(screen.getByLabelText("Groups"), "team");
  await next();
  const review = within(screen.getByRole("region", { name: "What will be made" }));
  review.getByText("OpenSearch at https://search.example.com");
  review.getByText("lisa-embed");
  server.broken.set("POST /repositories", refusal(409, "There is one of that id."));
  await user.click(screen.getByRole("button", { name: "Make repository" }));
  expect((await screen.findByRole("alert")).textContent).toContain("There is one of that id.");
  server.broken.clear();
  await user.click(screen.getByRole("button", { name: "Make repository" }));
  await screen.findByText("“Papers” is being made.");
  await waitFor(() => expect(window.location.pathname).toBe("/knowledge/repositories/papers"));
  expect(sent("POST")?.body).toEqual({
    repositoryId: "papers",
    name: "Papers",
    description: "",
    chunking: { strategy: "structure", size: 220, overlap: 40 },
    allowsChunkingOverride: true,
    groups: ["team"],
    tags: [],
    embeddingModel: "lisa-embed",
    store: {
      kind: "opensearch",
      address: "https://search.example.com",
      credentials: "env:SEARCH",
    },
  });
});

test("a change is sent against the version that was read first", async () => {
  server.knowledge.addRepository({ version: 3 });
  const user = renderApp(server, "/knowledge/repositories/local/edit");
  await user.type(await screen.findByLabelText("Groups"), "team");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByText("Changed “Local”.");
  expect(sent("PUT")?.body).toMatchObject({ version: 3, groups: ["team"] });
});

test("before a repository is deleted it is said what goes with it", async () => {
  server.knowledge.addRepository({ pipelines: [server.knowledge.pipeline()] });
  server.knowledge.addCollection({ name: "Papers" });
  const user = renderApp(server, "/knowledge/repositories/local");
  await user.click(await screen.findByRole("button", { name: "Delete…" }));
  const question = within(await screen.findByRole("alertdialog"));
  await question.findByText("Collection “Papers” with its documents");
  question.getByText("1 pipeline");
  await user.click(question.getByRole("button", { name: "Delete" }));
  await screen.findByText("“Local” is being deleted.");
  await screen.findByRole("heading", { name: "No repositories yet" });
});

test("a pipeline is added, told of, run and deleted", async () => {
  server.knowledge.addRepository();
  const user = renderApp(server, "/knowledge/repositories/local");
  await screen.findByText("There is none yet.");
  await user.click(screen.getByRole("button", { name: "Add pipeline" }));
  await user.type(await screen.findByLabelText("Name"), "nightly");
  await user.type(screen.getByLabelText("Source"), "/srv/papers");
  await user.selectOptions(screen.getByLabelText("It looks"), "schedule");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByText("Saved “nightly”.");
  expect(sent("PUT")?.body.pipelines).toEqual([
    {
      id: "nightly",
      source: "/srv/papers",
      collectionId: null,
      trigger: "schedule",
      cron: "0 2 * * *",
      autoRemove: true,
    },
  ]);
  const pipelines = within(await screen.findByRole("list", { name: "Pipelines" }));
  pipelines.getByText("It hasn't run yet.");
  await user.click(pipelines.getByRole("button", { name: "Run now" }));
  await screen.findByText("“nightly” looks at its source now.");
  await user.click(pipelines.getByRole("button", { name: "Actions for nightly" }));
  await user.click(await screen.findByRole("menuitem", { name: "Delete…" }));
  const question = within(await screen.findByRole("alertdialog"));
  await user.click(question.getByRole("button", { name: "Delete" }));
  await screen.findByText("There is none yet.");
});

test("runs tell what they did, and why they failed", async () => {
  const failed = { ...RUN, runId: "run_0", cause: "the folder is away", failed: 4 };
  server.knowledge.addRepository({ pipelines: [server.knowledge.pipeline({ last: RUN })] });
  server.knowledge.runs = [RUN, failed];
  const user = renderApp(server, "/knowledge/repositories/local");
  await screen.findByText("3 new, 2 changed, 1 removed, 0 failed");
  await user.click(screen.getByRole("button", { name: "Show its runs" }));
  const runs = within(await screen.findByRole("list", { name: "Runs of nightly" }));
  runs.getByText("The folder is away.");
  expect(runs.getAllByRole("listitem")).toHaveLength(2);
});

test("a repository that isn't there leads back to the others", async () => {
  renderApp(server, "/knowledge/repositories/nowhere");
  await screen.findByRole("heading", { name: "Repository not found" });
  screen.getByRole("link", { name: "All repositories" });
});

import { screen, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import type { OfferedKind } from "../../../api/storeKinds";
import { FakeServer } from "../../../testing/fakeServer";
import { renderApp } from "../../../testing/renderApp";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
});

const sent = (method: string) =>
  server.sent.findLast((one) => one.method === method && one.path === "/repositories");

const POSTGRES: OfferedKind = {
  kind: "pgvector",
  serverless: false,
  made: true,
  options: {
    instanceClass: {
      label: "Instance class",
      default: "db.t4g.medium",
      choices: ["db.t4g.medium", "db.r6g.large"],
      min: null,
      max: null,
    },
    storage: { label: "Storage in GB", default: 50, choices: null, min: 20, max: 1000 },
  },
};
const SERVERLESS: OfferedKind = {
  kind: "opensearch",
  serverless: true,
  made: true,
  options: {
    standby: { label: "Standby replicas", default: true, choices: null, min: null, max: null },
  },
};

/** Goes on until everything was said. */
async function finish(user: ReturnType<typeof renderApp>) {
  for (let step = 0; step < 4; step++)
    await user.click(screen.getByRole("button", { name: "Next" }));
  return within(screen.getByRole("region", { name: "What will be made" }));
}

async function name(user: ReturnType<typeof renderApp>) {
  await user.type(await screen.findByLabelText("Id"), "papers");
  await user.type(screen.getByLabelText("Name"), "Papers");
}

test("where the server makes stores, one is sized and followed until it is ready", async () => {
  server.knowledge.storeKinds = [POSTGRES, SERVERLESS];
  const user = renderApp(server, "/knowledge/new-repository");
  await name(user);
  await screen.findByRole("option", { name: "In a store that LISA makes" });
  await user.selectOptions(screen.getByLabelText("Where passages are kept"), "made");
  await user.selectOptions(screen.getByLabelText("Instance class"), "db.r6g.large");
  await user.clear(screen.getByLabelText("Storage in GB"));
  await user.type(screen.getByLabelText("Storage in GB"), "100");
  screen.getByText("20 to 1,000");
  const review = await finish(user);
  review.getByText("PostgreSQL with pgvector, made by LISA for this repository");
  review.getByText("db.r6g.large");
  await user.click(screen.getByRole("button", { name: "Make repository" }));
  await screen.findByRole("heading", { name: "The store is being made" });
  expect(sent("POST")?.body.store).toEqual({
    kind: "pgvector",
    own: true,
    options: { instanceClass: "db.r6g.large", storage: 100 },
  });
  screen.getByRole("progressbar", { name: "Making of Papers" });
  expect(screen.queryByRole("heading", { name: "Pipelines" })).toBeNull();
  Object.assign(server.knowledge.repositories[0] ?? {}, { status: "CREATE_COMPLETE" });
  await screen.findByRole("heading", { name: "Pipelines" });
  await screen.findByText("“Papers” is ready.");
});

test("a serverless store is another kind, with options of its own", async () => {
  server.knowledge.storeKinds = [SERVERLESS];
  const user = renderApp(server, "/knowledge/new-repository");
  await name(user);
  await screen.findByRole("option", { name: "In a store that LISA makes" });
  await user.selectOptions(screen.getByLabelText("Where passages are kept"), "made");
  await user.selectOptions(screen.getByLabelText("Standby replicas"), "No");
  (await finish(user)).getByText(/OpenSearch Serverless, made by LISA/);
  await user.click(screen.getByRole("button", { name: "Make repository" }));
  await screen.findByRole("heading", { name: "The store is being made" });
  expect(sent("POST")?.body.store).toEqual({
    kind: "opensearch",
    own: true,
    serverless: true,
    options: { standby: false },
  });
});

test("where the server makes none, none is offered", async () => {
  server.knowledge.storeKinds = [{ ...SERVERLESS, made: false }];
  renderApp(server, "/knowledge/new-repository");
  await screen.findByRole("option", { name: "In the deployment's own store" });
  expect(screen.queryByRole("option", { name: "In a store that LISA makes" })).toBeNull();
});

test("a store that couldn't be made says why, and what to do", async () => {
  server.knowledge.addRepository({
    status: "CREATE_FAILED",
    reason: "the account has no more room",
    nextStep: "Ask for a higher quota.",
  });
  renderApp(server, "/knowledge/repositories/local");
  await screen.findByText("The account has no more room. Ask for a higher quota.");
  screen.getByText("This repository could not be made.");
  screen.getByRole("button", { name: "Delete…" });
  expect(screen.queryByRole("heading", { name: "Pipelines" })).toBeNull();
});

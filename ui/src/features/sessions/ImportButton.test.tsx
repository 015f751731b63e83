import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { FakeServer, refusal } from "../../testing/fakeServer";
import { renderApp } from "../../testing/renderApp";

const LINK = { upload_id: "u1", method: "PUT", url: "/api/put/zip", expires: "2030-01-01" };
const TAKE = "POST /sessions/import/archives/u1";
const created = (body: unknown) => new Response(JSON.stringify(body), { status: 201 });

function serving() {
  const server = new FakeServer();
  server.broken.set("POST /sessions/import/archives", created(LINK));
  return server;
}

async function importing(server: FakeServer) {
  const user = renderApp(server, "/sessions");
  const zip = new File(["PK and so on"], "plans.zip", { type: "application/zip" });
  await user.upload(await screen.findByLabelText("Import…", { selector: "input" }), zip);
}

test("a zip is announced, put where the link leads, and taken in", async () => {
  const server = serving();
  server.addSession("back", { name: "Plans" });
  server.broken.set(TAKE, created(server.sessions[0]));
  await importing(server);
  await screen.findByText("Imported “Plans”.");
  expect(window.location.pathname).toBe("/sessions/back");
  const sent = server.sent.filter(({ path }) => /archives|put/.test(path));
  expect(sent.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "POST /sessions/import/archives",
    "PUT /put/zip",
    TAKE,
  ]);
  expect(sent[0]?.body).toEqual({ size: 12 });
});

test("a torn zip is refused with what to do", async () => {
  const server = serving();
  server.broken.set(TAKE, refusal(400, "A part of it is missing.", "Download it again."));
  await importing(server);
  await screen.findByText("The import failed. A part of it is missing. Download it again.");
});

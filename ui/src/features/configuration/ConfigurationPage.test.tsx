import { screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { DOCUMENT } from "../../testing/fakeAdministration";
import { FakeServer, refusal } from "../../testing/fakeServer";
import { renderApp } from "../../testing/renderApp";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
});

const ADDRESS = "/admin/configuration";
const newest = () => server.administration.versions[0];
const field = (label: string) => screen.findByLabelText<HTMLInputElement>(label);

test("every switch is there, a new one by its name", async () => {
  renderApp(server, ADDRESS);
  expect((await field("Delete sessions")).checked).toBe(true);
  expect((await field("Bedrock agents")).checked).toBe(false);
  expect((await field("somethingNew")).checked).toBe(true);
  await screen.findByText("Nobody changed anything yet.");
});

test("changes are saved together, with a reason, against the version that was read", async () => {
  const user = renderApp(server, ADDRESS);
  await user.click(await field("Bedrock agents"));
  await user.clear(await field("Projects per person"));
  await user.type(await field("Projects per person"), "7");
  expect(screen.getByText("2 changes aren't saved")).toBeTruthy();
  await user.type(await field("Reason for the change"), "Pilot");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByText("Saved as version 1.");
  expect(server.sent.find(({ method }) => method === "PUT")?.body).toEqual({
    version: 0,
    reason: "Pilot",
    configuration: {
      ...DOCUMENT,
      enabledComponents: { ...DOCUMENT.enabledComponents, bedrockAgents: true },
      maxProjectsPerUser: 7,
    },
  });
  await screen.findByRole("heading", { name: "Version 1" });
  expect(screen.queryByRole("button", { name: "Save" })).toBeNull();
});

test("what was changed can be discarded", async () => {
  const user = renderApp(server, ADDRESS);
  await user.click(await field("Bedrock agents"));
  await user.click(screen.getByRole("button", { name: "Discard" }));
  expect((await field("Bedrock agents")).checked).toBe(false);
});

test("who was forestalled sees by what, and may put their changes on top", async () => {
  const user = renderApp(server, ADDRESS);
  await user.click(await field("Bedrock agents"));
  server.administration.change({ ...DOCUMENT, maxProjectsPerUser: 3 }, "Fewer");
  await user.click(screen.getByRole("button", { name: "Save" }));
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("grace made version 1.");
  expect(alert.textContent).toContain("maxProjectsPerUser");
  await user.click(screen.getByRole("button", { name: "Put my changes on top" }));
  await user.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByText("Saved as version 2.");
  expect(newest()?.configuration).toMatchObject({
    maxProjectsPerUser: 3,
    enabledComponents: { bedrockAgents: true },
  });
});

test("the history tells who changed what and why", async () => {
  const { administration } = server;
  administration.change({ ...DOCUMENT, maxProjectsPerUser: 3 }, "Fewer");
  administration.change({ ...DOCUMENT, maxProjectsPerUser: 9 }, "More");
  const user = renderApp(server, ADDRESS);
  await screen.findByText("Fewer");
  await user.click(screen.getAllByText("What changed")[0] as HTMLElement);
  const path = await screen.findByText("maxProjectsPerUser");
  expect(path.parentElement?.textContent).toContain("before 3 → after 9");
});

test("a value that the server refuses is named", async () => {
  server.broken.set("PUT /configurations/current", refusal(422, "systemBanner: too long"));
  const user = renderApp(server, ADDRESS);
  await user.click(await field("Bedrock agents"));
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect((await screen.findByRole("alert")).textContent).toContain("systemBanner: too long");
});

test("the banner and the announcement are shown to everybody", async () => {
  server.me = { ...server.me, admin: false };
  server.administration.change({
    ...DOCUMENT,
    systemBanner: { isEnabled: true, text: "Maintenance", textColor: "", backgroundColor: "" },
    announcement: { isEnabled: true, message: "Welcome" },
  });
  const user = renderApp(server, "/sessions");
  await screen.findByRole("region", { name: "Banner" });
  await screen.findByText("Welcome");
  await user.click(screen.getByRole("button", { name: "Dismiss" }));
  await waitFor(() => expect(screen.queryByText("Welcome")).toBeNull());
  expect(screen.getByText("Maintenance")).toBeTruthy();
});

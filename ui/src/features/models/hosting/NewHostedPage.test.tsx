import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { FakeServer, refusal } from "../../../testing/fakeServer";
import { renderApp } from "../../../testing/renderApp";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
});

const PAGE = "/admin/models/new/hosted";
type User = ReturnType<typeof renderApp>;
const posted = () =>
  server.sent.filter(({ method, path }) => method === "POST" && path === "/models");
const next = async (user: User, heading: string) => {
  await user.click(screen.getByRole("button", { name: "Next" }));
  await screen.findByRole("heading", { name: heading });
};
const replace = async (user: User, label: string | RegExp, typed: string) => {
  await user.clear(screen.getByLabelText(label));
  await user.type(screen.getByLabelText(label), typed);
};

test("a model of the catalogue is made in a few steps, and its timeline is shown", async () => {
  const user = renderApp(server, "/admin/models");
  await user.click(await screen.findByRole("link", { name: "Run a model" }));
  await user.click(await screen.findByRole("radio", { name: /Known 8B/ }));
  expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("known-8b");
  await next(user, "Engine");
  expect(document.activeElement?.textContent).toBe("Engine");
  expect(screen.getByLabelText<HTMLInputElement>("max_model_len").value).toBe("16384");
  await next(user, "Hardware");
  await replace(user, "GPUs of a replica", "1");
  await replace(user, /^Stop it after so many minutes/, "30");
  await next(user, "Access");
  await user.type(screen.getByLabelText("Groups"), "team");
  await next(user, "Review");
  expect(screen.getByText("max_model_len: 16384")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Create model" }));
  await screen.findByRole("heading", { name: "known-8b", level: 1 });
  expect(window.location.pathname).toBe("/admin/models/known-8b");
  await screen.findByText("Nothing has been done to this model yet.");
  expect(posted()[0]?.body).toMatchObject({
    modelId: "known-8b",
    hostingType: "lisa_hosted",
    modelType: "textgen",
    streaming: true,
    allowedGroups: ["team"],
    hosting: {
      kind: "processes",
      engine: "vllm",
      weights: { source: "acme/Known-8B", revision: "", trustRemoteCode: false },
      options: { max_model_len: 16384 },
      gpus: 1,
      scaling: { minimum: 1, maximum: 1, desired: 1 },
      idleSeconds: 1800,
    },
  });
});

test("own weights, options of every kind and variables are sent as they were typed", async () => {
  const user = renderApp(server, PAGE);
  await user.click(await screen.findByRole("radio", { name: "Own weights" }));
  await user.type(screen.getByLabelText("Where the weights lie"), "s3://bucket/folder");
  await user.click(screen.getByLabelText(/^Run the code/));
  await user.type(screen.getByLabelText("Name"), "mine");
  await next(user, "Engine");
  await user.selectOptions(screen.getByLabelText("dtype"), "half");
  await user.selectOptions(screen.getByLabelText("enforce_eager"), "Yes");
  await user.type(screen.getByLabelText("n_layers"), "12");
  await user.type(screen.getByLabelText("override"), "[[1");
  await user.type(screen.getByLabelText(/^Variables of its/), "A=1{Enter}B=x=y");
  await user.click(screen.getByRole("button", { name: "Next" }));
  expect((await screen.findByRole("alert")).textContent).toContain("override isn't JSON");
  await user.clear(screen.getByLabelText("override"));
  await next(user, "Hardware");
  await next(user, "Access");
  await next(user, "Review");
  await user.click(screen.getByRole("button", { name: "Create model" }));
  await waitFor(() => expect(posted()).toHaveLength(1));
  expect(posted()[0]?.body.hosting).toMatchObject({
    weights: { source: "s3://bucket/folder", revision: "", trustRemoteCode: true },
    options: { dtype: "half", enforce_eager: true, n_layers: 12 },
    environment: { A: "1", B: "x=y" },
  });
});

test.each([
  ["there is a model known-8b already", 409, "Model"],
  ["body.hosting.scaling.minimum: too few", 422, "Hardware"],
  ["the option dtype of vllm isn't taken: it isn't", 400, "Engine"],
  ["these weights lie in no folder", 400, "Model"],
  ["something else", 400, "Review"],
])("a refusal is shown at the step it belongs to: %s", async (message, status, heading) => {
  server.broken.set("POST /models", refusal(status, message));
  const user = renderApp(server, PAGE);
  await user.click(await screen.findByRole("radio", { name: /Known 8B/ }));
  for (const step of ["Engine", "Hardware", "Access", "Review"]) await next(user, step);
  await user.click(screen.getByRole("button", { name: "Create model" }));
  const said = new RegExp(message.slice(1));
  expect((await screen.findByRole("alert")).textContent).toMatch(said);
  expect(screen.getByRole("heading", { name: heading })).toBeTruthy();
});

test("going back keeps what was typed", async () => {
  const user = renderApp(server, PAGE);
  await user.click(await screen.findByRole("radio", { name: /Known 8B/ }));
  await next(user, "Engine");
  await replace(user, "max_model_len", "99");
  await user.click(screen.getByRole("button", { name: "Back" }));
  await next(user, "Engine");
  expect(screen.getByLabelText<HTMLInputElement>("max_model_len").value).toBe("99");
});

test("on AWS a model gets a machine: its type, its disk, and all GPUs it has", async () => {
  server.serving.hosting.hosts = ["processes", "cloudformation"];
  const user = renderApp(server, PAGE);
  await user.click(await screen.findByRole("radio", { name: /Known 8B/ }));
  await user.selectOptions(screen.getByLabelText("Runs on"), "AWS, in a stack of its own");
  await user.click(screen.getByRole("radio", { name: "Own weights" }));
  await replace(user, "Where the weights lie", "s3://bucket/folder");
  await next(user, "Engine");
  await user.type(screen.getByLabelText("Container image"), "registry/engine:1");
  await next(user, "Hardware");
  const type = screen.getByLabelText<HTMLInputElement>("Instance type");
  expect(type.value).toBe("g6.2xlarge");
  await waitFor(() =>
    expect(Array.from(type.list?.options ?? [], ({ value }) => value)).toContain("g6.12xlarge"),
  );
  await replace(user, "Disk in GiB", "200");
  await replace(user, "Shared memory in MiB", "4096");
  await next(user, "Access");
  await next(user, "Review");
  expect(screen.getByText("all that the instance type has")).toBeTruthy();
  expect(screen.getByText("200 GiB")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Create model" }));
  await waitFor(() => expect(posted()).toHaveLength(1));
  const { hosting } = posted()[0]?.body ?? {};
  expect(hosting).toMatchObject({
    kind: "cloudformation",
    weights: { source: "s3://bucket/folder" },
    image: "registry/engine:1",
    instanceType: "g6.2xlarge",
    diskGb: 200,
    sharedMemoryMb: 4096,
  });
  expect(hosting).not.toHaveProperty("gpus");
});

test("a refusal has focus, and what was filled in is still there", async () => {
  server.broken.set("POST /models", refusal(400, "something else"));
  const user = renderApp(server, PAGE);
  await user.click(await screen.findByRole("radio", { name: /Known 8B/ }));
  for (const step of ["Engine", "Hardware", "Access", "Review"]) await next(user, step);
  await user.click(screen.getByRole("button", { name: "Create model" }));
  const said = await screen.findByRole("alert");
  expect(document.activeElement).toBe(said);
  server.broken.clear();
  await user.click(screen.getByRole("button", { name: "Create model" }));
  await screen.findByRole("heading", { name: "known-8b", level: 1 });
});

test("leaving asks first, where something was filled in", async () => {
  const user = renderApp(server, PAGE);
  await user.click(await screen.findByRole("radio", { name: /Known 8B/ }));
  const cancel = screen.getByRole("link", { name: "Cancel" });
  await user.click(cancel);
  const question = await screen.findByRole("alertdialog", { name: "Leave without saving?" });
  await user.click(within(question).getByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(document.activeElement).toBe(cancel));
  expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("known-8b");
  await user.click(cancel);
  await user.click(await screen.findByRole("button", { name: "Leave" }));
  await screen.findByRole("heading", { name: "Models", level: 1 });
});

test("whoever filled in nothing just leaves", async () => {
  const user = renderApp(server, PAGE);
  await screen.findByRole("radio", { name: /Known 8B/ });
  await user.click(screen.getByRole("link", { name: "Cancel" }));
  await screen.findByRole("heading", { name: "Models", level: 1 });
});

test("where nothing can be run, the other way is shown", async () => {
  server.serving.hosting.hosts = [];
  renderApp(server, PAGE);
  await screen.findByRole("heading", { name: "Nothing can be run here" });
  expect(screen.getByRole("link", { name: "Add a model that runs elsewhere" })).toBeTruthy();
});

test("what can be run is asked for again after a failure", async () => {
  server.broken.set("GET /models/metadata/engines", refusal(403, "Not for you."));
  const user = renderApp(server, PAGE);
  await screen.findByText("Not for you.");
  server.broken.clear();
  await user.click(screen.getByRole("button", { name: "Try again" }));
  await screen.findByRole("radio", { name: /Known 8B/ });
});

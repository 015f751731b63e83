/** What the first page says. */
export const homeText = {
  title: "Home",
  greeting: (name: string) => `Welcome to ${name}`,
  intro: "Talk to the models that are connected here, and find again what was said.",
  loading: "Looking what there is…",
  failed: "The models can't be shown.",

  noModel: {
    title: "No model is connected yet",
    admin: "Give the address of a model server and try it at once. That is all that is needed.",
    add: "Add a model",
    others: "Nobody can answer you until an administrator connects a model. Ask them to do it.",
    askAbout: (name: string) => `They sign in to ${name} and choose Models, then Add model.`,
  },
  onlyOff: {
    title: "No model is running",
    admin: "There are models, and none of them is switched on.",
    manage: "See the models",
    others: "The models are switched off at the moment. Ask an administrator when they will be on.",
  },
  demo: {
    title: "Try it with the built-in model",
    body: (name: string) =>
      `“${name}” runs on this machine. It is small and makes mistakes, and it shows how everything works.`,
    more: "Add a larger model",
  },
  ready: {
    title: "Begin",
    body: (count: number) =>
      count === 1 ? "One model is ready to answer." : `${count} models are ready to answer.`,
  },

  recent: "Recent sessions",
  recentFailed: "Your sessions can't be shown.",
  all: "All sessions",
  next: "What else there is",
  links: {
    prompts: { name: "Prompts", about: "Keep instructions that you use again, and share them." },
    tools: { name: "Tool servers", about: "Let models look things up and do things." },
    tokens: { name: "API tokens", about: "Call the models from your own programs." },
    playground: { name: "Playground", about: "Try a model and copy the code that calls it." },
    usage: { name: "Usage", about: "See what was asked, how fast it was and what it cost." },
    models: { name: "Models", about: "Add models, say who may use them, set limits." },
    configuration: {
      name: "Configuration",
      about: "Switch features, set banner and announcement.",
    },
  },
};

/** Every word the first pages say; those of pages that are loaded later are in `words/`. */
export const text = {
  brand: "LISA",
  loading: "Loading…",
  retry: "Try again",
  cancel: "Cancel",
  close: "Close",
  skipToContent: "Skip to content",
  unexpectedTitle: "Something went wrong",
  unexpected: "This page met an error of its own.",
  unexpectedNext: "Try again. If it happens again, reload the page.",
  unreachable: "The server can't be reached.",
  unreachableNext: "Check that it runs (`lisa status`) and try again.",
  unreadable: "The server gave an answer that this page doesn't understand.",
  unreadableNext: "Try again. If it happens again, look at the server's log.",
  requestId: (id: string) => `Request ${id}`,
  more: "Show more",

  skipToHistory: "Skip to the history",

  navigation: {
    label: "Main",
    home: "Home",
    prompts: "Prompts",
    tools: "Tool servers",
    find: "Find or do anything",
    open: "Open navigation",
    title: "Navigation",
    sessions: "Sessions",
    knowledge: "Knowledge",
    library: "Model library",
    playground: "Playground",
    usage: "Usage",
    tokens: "API tokens",
    administration: "Administration",
    models: "Models",
    schedules: "Schedules",
    allTokens: "All tokens",
    users: "Users",
    configuration: "Configuration",
    audit: "Audit",
  },

  account: {
    menu: (name: string) => `Account of ${name}`,
    administrator: "Administrator",
    noGroups: "In no group",
    groups: (names: string[]) => `Groups: ${names.join(", ")}`,
    theme: "Theme",
    themes: { system: "As the system", light: "Light", dark: "Dark" },
    changePassword: "Change password…",
    signOut: "Sign out",
    signingOutFailed: (why: string) => `You are still signed in. ${why}`,
  },

  news: {
    banner: "Banner",
    announcement: "Announcement",
    dismiss: "Dismiss",
  },

  notFound: {
    title: "Page not found",
    body: "There is nothing at this address.",
    home: "Go to your sessions",
  },

  signIn: {
    title: "Sign in",
    intro: "You open this page with a one-time link. On the machine where LISA runs, type",
    command: "lisa login-url",
    open: "and open the link that it prints. It works once, within ten minutes.",
    checking: "Signing you in…",
    introSecond: "Or open a one-time link: on the machine where LISA runs, type",
    leaving: "One moment…",
    lost: "You were signed out. Sign in again: what you wrote and didn't send is kept in this tab.",
    refused: "You are not signed in.",
    notBegun: "Signing in can't begin.",
    stillSignedIn: "That sign-in no longer works, but you are signed in already.",
    again: "I am signed in already",
    insecure: {
      title: "Passwords can't be used at this address",
      why: (origin: string) =>
        `Browsers keep what a safe sign-in needs to HTTPS addresses and to the machine itself; ${origin} is neither.`,
      ways: [
        "Put HTTPS in front of LISA and tell it that address in LISA_PUBLIC_URL.",
        "On the machine itself, open LISA under 127.0.0.1.",
        "From elsewhere, use an SSH tunnel: ssh -L 8080:127.0.0.1:8080 and the machine's name, then open port 8080 of 127.0.0.1.",
      ],
    },
    errors: {
      denied: "You weren't let in.",
      refused: "The sign-in was refused.",
      said: (words: string) => `The identity provider says: ${words}`,
      again: "Begin again.",
      lost: "This sign-in was begun in another tab, or too long ago.",
      away: "The identity provider can't be reached, or gave an answer that can't be trusted.",
      awayNext: "Try again. If it happens again, tell an administrator.",
    },
  },

  sessions: {
    title: "Sessions",
    create: "New session",
    notCreated: (why: string) => `No session was begun. ${why}`,
    untitled: "Untitled session",
  },

  session: {
    otherContent: (type: string) => `Content of type “${type}”`,
  },
};

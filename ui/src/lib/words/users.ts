/** What the page about accounts, and the question for a new password, say. */
const count = new Intl.NumberFormat();

export const userText = {
  title: "Users",
  intro: "The accounts that this LISA keeps itself.",
  create: "New user",
  loading: "Loading users…",
  failed: "The users can't be shown.",
  emptyTitle: "No users yet",
  emptyBody: "Add the people who shall sign in with a name and a password.",
  shown: (n: number) => (n === 1 ? "1 user shown" : `${count.format(n)} users shown`),
  actions: (name: string) => `Actions for ${name}`,
  disabled: "Disabled",
  created: "Added",
  noGroups: "In no group",

  groups: "Groups…",
  password: "Set password…",
  disable: "Disable",
  enable: "Enable",
  remove: "Remove…",
  added: (name: string) => `Added “${name}”.`,
  regrouped: (name: string) => `Changed the groups of “${name}”.`,
  newPassword: (name: string) => `“${name}” has a new password.`,
  nowDisabled: (name: string) => `“${name}” can't sign in any more.`,
  nowEnabled: (name: string) => `“${name}” can sign in again.`,
  removed: (name: string) => `Removed “${name}”.`,
  notChanged: (why: string) => `Nothing was changed. ${why}`,

  form: {
    title: "New user",
    name: "Name",
    nameHint: "Lower case letters, digits and . _ @ + -",
    password: "Password",
    passwordHint: "At least 10 characters. Hand it over safely; it can be changed later.",
    groups: "Groups",
    groupsHint: "Separate them by commas.",
    submit: "Add user",
  },
  grouping: { title: "Groups", save: "Save" },
  setting: {
    title: (name: string) => `New password for ${name}`,
    body: "Whoever is signed in with the present one is signed out.",
    save: "Set password",
  },
  removing: {
    title: "Remove this user?",
    body: (name: string) =>
      `“${name}” can't sign in any more, and their tokens are refused. Their sessions stay.`,
    confirm: "Remove",
  },
  changing: {
    title: "Change your password",
    body: "Afterwards you sign in anew, here and in every other browser.",
    current: "Present password",
    next: "New password",
    hint: "At least 10 characters.",
    save: "Change password",
    done: "Your password is changed.",
  },
};

/** What the configuration's page says, each switch and limit by its name on the wire. */
interface Words {
  label: string;
  hint: string;
}

export const configurationText = {
  title: "Configuration",
  intro: "Switches and limits for everybody. The server obeys them within two seconds.",
  loading: "Loading the configuration…",
  failed: "The configuration can't be shown.",
  version: (n: number) => (n === 0 ? "As it came" : `Version ${n}`),

  groups: [
    {
      title: "Sessions and chat",
      names: [
        "deleteSessionHistory",
        "viewMetaData",
        "editKwargs",
        "editPromptTemplate",
        "editChatHistoryBuffer",
        "uploadContextDocs",
        "documentSummarization",
        "showPromptTemplateLibrary",
        "chatAssistantStacks",
        "projectOrganization",
        "encryptSession",
      ],
    },
    {
      title: "Knowledge",
      names: ["uploadRagDocs", "ragSelectionAvailable", "editNumOfRagDocument", "showRagLibrary"],
    },
    { title: "Models", names: ["modelLibrary", "enableModelComparisonUtility"] },
    {
      title: "Programs and tools",
      names: [
        "enableUserApiTokens",
        "mcpConnections",
        "showMcpWorkbench",
        "bedrockAgents",
        "awsSessions",
      ],
    },
  ],
  others: "Others",

  switches: {
    deleteSessionHistory: { label: "Delete sessions", hint: "People may delete what they said." },
    viewMetaData: { label: "Show metadata", hint: "Answers show model, timing and usage." },
    editKwargs: { label: "Model arguments", hint: "People may set temperature and the like." },
    editPromptTemplate: { label: "Prompt template", hint: "People may change the system prompt." },
    editNumOfRagDocument: {
      label: "Number of passages",
      hint: "People may choose how many passages a search returns.",
    },
    editChatHistoryBuffer: {
      label: "History length",
      hint: "People may choose how much of a conversation a model is shown.",
    },
    uploadRagDocs: { label: "Add documents", hint: "People may add documents to repositories." },
    ragSelectionAvailable: { label: "Choose repositories", hint: "A chat may use a repository." },
    uploadContextDocs: { label: "Attach files", hint: "People may attach files to a chat." },
    documentSummarization: { label: "Summaries", hint: "People may have documents summarised." },
    showRagLibrary: { label: "Document library", hint: "The library of documents is shown." },
    showPromptTemplateLibrary: {
      label: "Prompt library",
      hint: "The library of prompt templates is shown.",
    },
    enableModelComparisonUtility: {
      label: "Compare models",
      hint: "Several models may answer one question side by side.",
    },
    mcpConnections: { label: "Tool servers", hint: "Chats may use MCP servers." },
    bedrockAgents: { label: "Bedrock agents", hint: "Chats may call agents of the AWS account." },
    awsSessions: { label: "AWS sessions", hint: "People may use AWS credentials of their own." },
    showMcpWorkbench: { label: "Tool workbench", hint: "Administrators may write tools here." },
    modelLibrary: { label: "Model library", hint: "The library of models is shown." },
    encryptSession: { label: "Encrypt sessions", hint: "Sessions are encrypted for their owner." },
    enableUserApiTokens: { label: "Own tokens", hint: "People may make API tokens of their own." },
    chatAssistantStacks: { label: "Assistants", hint: "Prepared assistants may be chosen." },
    projectOrganization: { label: "Projects", hint: "Sessions may be sorted into projects." },
  } as Record<string, Words>,

  limits: "Limits and defaults",
  maxProjects: "Projects per person",
  maxProjectsHint: "From 0 to 10,000.",
  defaultModel: "Default model",
  defaultModelHint: "The id of the model that is taken where nobody chose one. Empty: none.",

  banner: "Banner",
  bannerHint: "A line at the top of every page, for everybody who is signed in.",
  bannerOn: "Show the banner",
  bannerText: "Text",
  textColor: "Text colour",
  backgroundColor: "Background colour",
  colourHint: "A name or #rrggbb. Empty: as the theme.",

  announcement: "Announcement",
  announcementHint: "A message that everybody sees until they dismiss it.",
  announcementOn: "Show the announcement",
  message: "Message",

  unsaved: (n: number) => (n === 1 ? "1 change isn't saved" : `${n} changes aren't saved`),
  reason: "Reason for the change",
  reasonHint: "It stands in the history.",
  save: "Save",
  saved: (n: number) => `Saved as version ${n}.`,
  discard: "Discard",

  conflict: {
    title: "Somebody else changed it meanwhile",
    body: (who: string, n: number) => `${who} made version ${n}. Nothing of yours is saved yet.`,
    theirs: "What they changed",
    keep: "Put my changes on top",
    discard: "Discard mine",
  },

  history: "History",
  historyLoading: "Loading the history…",
  historyFailed: "The history can't be shown.",
  historyEmpty: "Nobody changed anything yet.",
  historyShown: (n: number) => (n === 1 ? "1 version shown" : `${n} versions shown`),
  noReason: "No reason given",
  changed: "What changed",
  first: "Show more to see what this one changed.",
  firstEver: "The first version that was saved.",
};

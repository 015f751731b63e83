/** The commands of the chat. */
import { useNavigate } from "@tanstack/react-router";
import { useCreateSession } from "../../../api/sessions";
import { chatText } from "../../../lib/words/chat";
import { useNotices } from "../../../ui/Notices";
import { useOffers } from "../useOffers";
import type { SetUp } from "../useSetup";
import type { Command } from "./commands";
import { MODEL_ID } from "./ModelPicker";

const words = chatText.commands;

export type Asked = "arguments" | "tools" | "collections" | "prompts" | "summary" | "help";

export function useCommands({ models, change }: SetUp, open: (what: Asked, rest: string) => void) {
  const create = useCreateSession();
  const offers = useOffers();
  const navigate = useNavigate();
  const { announce } = useNotices();

  const chooseModel = (wanted: string) => {
    const found = models.list.find(
      ({ modelId, status }) => status === "InService" && modelId.startsWith(wanted),
    );
    if (!wanted || !found) return document.getElementById(MODEL_ID)?.focus();
    change({ model: found.modelId });
    announce(found.modelId);
  };
  const begin = () =>
    create.mutate(undefined, {
      onSuccess: ({ id }) =>
        void navigate({ to: "/sessions/$sessionId", params: { sessionId: id } }),
    });
  const commands: (Command & { isOffered?: boolean })[] = [
    { name: "model", about: words.model, run: chooseModel },
    {
      name: "prompt",
      about: words.prompt,
      run: (rest) => open("prompts", rest),
      isOffered: offers.prompts,
    },
    { name: "tools", about: words.tools, run: () => open("tools", ""), isOffered: offers.tools },
    {
      name: "collections",
      about: words.collections,
      run: () => open("collections", ""),
      isOffered: offers.collections,
    },
    {
      name: "arguments",
      about: words.arguments,
      run: () => open("arguments", ""),
      isOffered: offers.arguments,
    },
    {
      name: "summarise",
      about: words.summarise,
      run: () => open("summary", ""),
      isOffered: offers.summary,
    },
    { name: "new", about: words.new, run: begin },
    { name: "help", about: words.help, run: () => open("help", "") },
  ];
  return commands.filter(({ isOffered = true }) => isOffered);
}

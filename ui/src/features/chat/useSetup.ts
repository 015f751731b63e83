/** How this session's turns are asked for: kept with the session, completed by what there is. */

import { useConfigure } from "../../api/conversations";
import type { Session } from "../../api/sessions";
import { type UsableServer, useUsableServers } from "../../api/toolServers";
import { type Setup, setupOf } from "../../chat/turnBody";
import { asProblem, sentence } from "../../lib/problem";
import { chatText } from "../../lib/words/chat";
import { useNotices } from "../../ui/Notices";
import { useModelChoices } from "./useModelChoices";

const NO_SERVERS: UsableServer[] = [];

export function useSetup(session: Session) {
  const models = useModelChoices();
  const servers = useUsableServers();
  const configure = useConfigure(session);
  const { notify } = useNotices();
  const kept = setupOf(session.configuration);
  const model = kept.model || models.preferred;
  const change = (some: Partial<Setup>) =>
    configure.mutate(some, {
      onError: (error) => notify(chatText.composer.notSaved(sentence(asProblem(error)))),
    });
  return {
    setup: { ...kept, model },
    chosen: models.list.find(({ modelId }) => modelId === model),
    models,
    servers: servers.data ?? NO_SERVERS,
    serversError: servers.error,
    change,
  };
}

export type SetUp = ReturnType<typeof useSetup>;

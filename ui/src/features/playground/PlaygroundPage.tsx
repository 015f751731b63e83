/** Models tried by hand. */
import { Tabs } from "@base-ui/react/tabs";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Usable } from "../../api/gateway";
import { useMe } from "../../api/identity";
import { playgroundText } from "../../lib/words/playground";
import { buttonClass } from "../../ui/Button";
import { PageHeader } from "../../ui/PageHeader";
import { Empty, Failed, Loading } from "../../ui/states";
import { ChatTab } from "./ChatTab";
import { EmbeddingsTab } from "./EmbeddingsTab";
import { usePlayable } from "./usePlayable";

const CHAT = "chat";
const EMBEDDING = "embedding";
const TAB =
  "-mb-px min-h-10 cursor-pointer border-b-2 border-transparent px-4 text-sm font-medium " +
  "text-muted-foreground hover:text-foreground data-active:border-primary data-active:text-foreground";

export function PlaygroundPage() {
  return (
    <>
      <PageHeader title={playgroundText.title} intro={playgroundText.intro} />
      <Playground />
    </>
  );
}

function Playground() {
  const { data: models, error, isPending, refetch } = usePlayable();
  if (isPending) return <Loading what={playgroundText.loading} />;
  if (!models)
    return <Failed title={playgroundText.failed} error={error} onRetry={() => void refetch()} />;
  if (models.length === 0) return <NoModel />;
  const thoseFor = (mode: string) => models.filter((one) => !one.mode || one.mode === mode);
  return (
    <Tabs.Root defaultValue={thoseFor(CHAT).length ? CHAT : EMBEDDING}>
      <Tabs.List aria-label={playgroundText.tabs} className="mb-6 flex border-b">
        <Tabs.Tab value={CHAT} className={TAB}>
          {playgroundText.chat}
        </Tabs.Tab>
        <Tabs.Tab value={EMBEDDING} className={TAB}>
          {playgroundText.embeddings}
        </Tabs.Tab>
      </Tabs.List>
      <Panel value={CHAT} models={thoseFor(CHAT)}>
        <ChatTab models={thoseFor(CHAT)} />
      </Panel>
      <Panel value={EMBEDDING} models={thoseFor(EMBEDDING)}>
        <EmbeddingsTab models={thoseFor(EMBEDDING)} />
      </Panel>
    </Tabs.Root>
  );
}

interface PanelProps {
  value: string;
  models: Usable[];
  children: ReactNode;
}

/** Stays as it is while the other one is looked at. */
function Panel({ value, models, children }: PanelProps) {
  return (
    <Tabs.Panel value={value} keepMounted>
      {models.length ? children : <p className="text-sm">{playgroundText.noneFits}</p>}
    </Tabs.Panel>
  );
}

function NoModel() {
  const { data: me } = useMe(true);
  if (!me?.admin)
    return <Empty title={playgroundText.emptyTitle} body={playgroundText.emptyOther} />;
  return (
    <Empty title={playgroundText.emptyTitle} body={playgroundText.emptyAdmin}>
      <code className="text-sm">{playgroundText.command}</code>
      <Link to="/admin/models/new" className={buttonClass("primary")}>
        {playgroundText.add}
      </Link>
    </Empty>
  );
}

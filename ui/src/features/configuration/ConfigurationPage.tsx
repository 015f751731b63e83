/** Switches and limits for everybody, and how they came to be as they are. */
import { useConfiguration, type Version } from "../../api/configuration";
import { configurationText } from "../../lib/words/configuration";
import { PageHeader } from "../../ui/PageHeader";
import { Failed, Loading } from "../../ui/states";
import { DocumentFields } from "./DocumentFields";
import { History } from "./History";
import { SaveBar } from "./SaveBar";
import { useDraftDocument } from "./useDraftDocument";

export function ConfigurationPage() {
  const current = useConfiguration();
  return (
    <>
      <PageHeader title={configurationText.title} intro={configurationText.intro} />
      <Content current={current} />
      <History />
    </>
  );
}

function Content({ current }: { current: ReturnType<typeof useConfiguration> }) {
  const { data, error, isPending, refetch } = current;
  if (data) return <Editor newest={data} />;
  if (isPending) return <Loading what={configurationText.loading} />;
  return <Failed title={configurationText.failed} error={error} onRetry={() => void refetch()} />;
}

function Editor({ newest }: { newest: Version }) {
  const draft = useDraftDocument(newest);
  return (
    <>
      <DocumentFields document={draft.document} onChange={draft.change} />
      <SaveBar draft={draft} newest={newest} />
    </>
  );
}

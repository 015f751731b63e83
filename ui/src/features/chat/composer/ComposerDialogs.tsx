/** The questions that the composer asks in front of the page. */
import type { useUploads } from "../../../api/useUploads";
import type { SetUp } from "../useSetup";
import { ArgumentsDialog } from "./ArgumentsDialog";
import { CollectionsDialog } from "./CollectionsDialog";
import type { Command } from "./commands";
import { HelpDialog } from "./HelpDialog";
import { PromptsDialog } from "./PromptsDialog";
import { SummaryDialog, type Wanted } from "./SummaryDialog";
import { ToolsDialog } from "./ToolsDialog";
import type { Attachment } from "./useAttachments";
import type { Asked } from "./useCommands";

interface Props {
  asked: { what: Asked; rest: string };
  setUp: SetUp;
  commands: readonly Command[];
  documents: Attachment[];
  uploads: ReturnType<typeof useUploads>;
  onInsert: (said: string) => void;
  onSummarise: (wanted: Wanted) => void;
  onClose: () => void;
  returnFocus: () => HTMLElement | null;
}

export default function ComposerDialogs(props: Props) {
  const { asked, setUp, commands, documents, onInsert, onSummarise, onClose } = props;
  const { setup, servers, serversError, change } = setUp;
  const close = { onClose, returnFocus: props.returnFocus };
  switch (asked.what) {
    case "arguments":
      return (
        <ArgumentsDialog
          given={setup.modelArgs}
          onSave={(modelArgs) => change({ modelArgs })}
          {...close}
        />
      );
    case "tools":
      return (
        <ToolsDialog
          servers={servers}
          error={serversError}
          off={setup.toolsOff}
          onChange={(toolsOff) => change({ toolsOff })}
          {...close}
        />
      );
    case "collections":
      return (
        <CollectionsDialog
          chosen={setup.collections}
          onChange={(collections) => change({ collections })}
          uploads={props.uploads}
          {...close}
        />
      );
    case "prompts":
      return (
        <PromptsDialog
          find={asked.rest}
          persona={setup.persona}
          onPersona={(persona) => change({ persona })}
          onInsert={onInsert}
          {...close}
        />
      );
    case "summary":
      return <SummaryDialog documents={documents} onAsk={onSummarise} {...close} />;
    case "help":
      return <HelpDialog commands={commands} {...close} />;
  }
}

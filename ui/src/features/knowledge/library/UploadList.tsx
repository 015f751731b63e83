/** Files on their way into the collection. */
import type { Upload, useUploads } from "../../../api/useUploads";
import { sentence } from "../../../lib/problem";
import { knowledgeText } from "../../../lib/words/knowledge";
import { Button } from "../../../ui/Button";
import { Icon } from "../../../ui/icons";
import { Progress } from "../../../ui/Progress";

const words = knowledgeText.uploads;

export function UploadList({ uploads }: { uploads: ReturnType<typeof useUploads> }) {
  const shown = uploads.list.filter(({ state }) => state !== "arrived");
  if (shown.length === 0) return null;
  return (
    <ul aria-label={words.label} className="mb-4 divide-y rounded-xl border bg-card">
      {shown.map((upload) => (
        <li key={upload.id} className="flex items-center gap-3 px-4 py-2 text-sm">
          <div className="min-w-0 flex-1">
            <p className="truncate">{upload.file.name}</p>
            <State upload={upload} />
          </div>
          {upload.problem && <Button onClick={() => uploads.again(upload)}>{words.again}</Button>}
          <Button
            look="quiet"
            className="min-w-9 px-2"
            aria-label={(upload.problem ? words.dismiss : words.cancel)(upload.file.name)}
            onClick={() => uploads.remove(upload.id)}
          >
            <Icon name="close" />
          </Button>
        </li>
      ))}
    </ul>
  );
}

function State({ upload: { problem, part, file } }: { upload: Upload }) {
  if (problem)
    return (
      <p role="alert" className="text-xs text-destructive">
        {sentence(problem)}
      </p>
    );
  return (
    <>
      <p className="text-xs text-muted-foreground">{words.sending(part)}</p>
      <Progress label={words.progress(file.name)} part={part} />
    </>
  );
}

/** What is known of a repository: its state, its store, who may use it. */
import { type Repository, useCollectionsOf } from "../../../api/repositories";
import { asSentence } from "../../../lib/problem";
import { repositoryText as words } from "../../../lib/words/repositories";
import { Badge } from "../../../ui/Badge";
import { Facts } from "../../../ui/Facts";
import { Moment } from "../../../ui/Moment";
import { toldChunking } from "../chunking";
import { toldStore } from "./fields";

export function About({ repository }: { repository: Repository }) {
  const { repositoryId, status, reason, nextStep, groups, tags, pipelines } = repository;
  const { data } = useCollectionsOf(repositoryId);
  const collections = data && `${data.collections.length}${data.nextCursor ? "+" : ""}`;
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex flex-wrap gap-2">
        <Badge look={lookOf(status)}>{words.statuses[status] ?? status}</Badge>
      </div>
      {repository.description && (
        <p className="text-sm text-muted-foreground">{repository.description}</p>
      )}
      {reason && (
        <p className="text-sm text-destructive">
          {asSentence(reason)} {asSentence(nextStep)}
        </p>
      )}
      <Facts
        facts={[
          { name: words.form.id, value: repositoryId },
          { name: words.store, value: toldStore(repository) },
          { name: words.embedder, value: repository.embeddingModel },
          { name: words.chunking, value: toldChunking(repository.chunking) },
          { name: words.collections, value: collections },
          { name: words.pipelinesCount, value: pipelines.length || "" },
          { name: words.groups, value: groups.join(", ") || words.everybody },
          { name: words.tags, value: tags.join(", ") },
          { name: words.changed, value: <Moment at={repository.updated} /> },
        ]}
      />
    </div>
  );
}

function lookOf(status: Repository["status"]) {
  if (status.endsWith("_FAILED")) return "bad";
  return status.endsWith("_COMPLETE") ? "good" : "plain";
}

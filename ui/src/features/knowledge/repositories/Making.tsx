/** A repository whose store isn't there yet: that it is being made, or what to do if it wasn't. */
import { useEffect, useRef } from "react";
import { isInProgress, isUsable, type Repository } from "../../../api/repositories";
import { repositoryText } from "../../../lib/words/repositories";
import { Moment } from "../../../ui/Moment";
import { useNotices } from "../../../ui/Notices";
import { Progress } from "../../../ui/Progress";

const words = repositoryText.making;

export function Making({ repository }: { repository: Repository }) {
  const { name, status, created } = repository;
  useSpokenEnd(repository);
  if (status === "CREATE_IN_PROGRESS")
    return (
      <section aria-label={words.title} className="mt-6 rounded-xl border bg-card p-4 text-sm">
        <h2 className="font-semibold">{words.title}</h2>
        <p className="my-2">{words.body}</p>
        <Progress label={words.progress(name)} part={null} />
        <p className="mt-2 text-xs text-muted-foreground">
          {words.since} <Moment at={created} />
        </p>
      </section>
    );
  if (status !== "CREATE_FAILED") return null;
  return (
    <p className="mt-6 rounded-xl border border-destructive/50 bg-card p-4 text-sm">
      <span className="block font-semibold">{words.failedTitle}</span>
      {words.failedNext}
    </p>
  );
}

/** Says how it ended, where it was seen on its way. */
function useSpokenEnd(repository: Repository) {
  const { announce } = useNotices();
  const wasOnItsWay = useRef(false);
  const isOnItsWay = isInProgress(repository);
  const said = isUsable(repository) ? words.ready(repository.name) : words.failed(repository.name);
  useEffect(() => {
    if (wasOnItsWay.current && !isOnItsWay) announce(said);
    wasOnItsWay.current = isOnItsWay;
  }, [isOnItsWay, said, announce]);
}

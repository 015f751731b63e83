/** What is sent about models that LISA runs itself. */
import type { components } from "./schema";

type Known = components["schemas"];

export type Hosting = Known["HostingOut"];
export type Scaling = Hosting["scaling"];
export type Planned = Scaling["planned"][number];
export type HostKind = Hosting["kind"];
export type EngineName = Hosting["engine"];
export type Hours = Known["DaySchedule"];
export type Week = Known["Week"];
export type Scheduling = Known["SchedulingConfig"];
export type Scheduled = Known["ScheduledModel"];
export type ModelEvent = Known["EventOut"];
export type Replica = Known["ReplicaOut"];
export type Replicas = Known["Replicas"];
export type CatalogueEntry = Known["KnownModel"];
export type Value = Known["JsonValue"];

/** As much of JSON schema as engines' options are described in. */
export interface OptionSchema {
  type?: string;
  description?: string;
  enum?: unknown[];
  anyOf?: OptionSchema[];
  minimum?: number;
  maximum?: number;
  maxLength?: number;
}

export interface Engine extends Omit<Known["EngineOut"], "options"> {
  options: { properties?: Record<string, OptionSchema> };
}

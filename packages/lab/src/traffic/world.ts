/** Ids that a request needs, learnt from the lab by plain requests. */
export interface OwnerIds {
  readonly name: string;
  readonly userId: string;
  readonly workoutIds: readonly string[];
}

/** Whose lists, tags and classes hold the owners of the play. */
export interface Anchors {
  /** Public; every other owner follows her. */
  readonly hub: OwnerIds;
  /** Public; the hub follows him. */
  readonly hubsIdol: OwnerIds;
  readonly tagName: string;
  readonly classId: string;
}

/** One request to a virtual host, before credentials. */
export interface ProbeRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

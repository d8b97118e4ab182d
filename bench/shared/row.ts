/** One figure of a bench: ours and the peers' on the same work of the same run. Printed as one JSON object a line by `--json`. */
export interface Row {
  readonly bench: string;
  readonly case: string;
  readonly figure: string;
  readonly unit: string;
  readonly ours: number;
  readonly peers: Readonly<Record<string, number>>;
  readonly goal: number;
  readonly holds: boolean;
}

/** What tracing must know of the resources that variables lie in. */

/** The operation that makes a resource. */
export const makesResource = "VarHandleOp";

/** The operation that gives the value of a resource. */
export const readsResource = "ReadVariableOp";

const readers: ReadonlySet<string> = new Set([readsResource, "ResourceGather", "VariableShape", "VarIsInitializedOp"]);

/** Whether an operation leaves the resources that it is given as they are. */
export function onlyReads(operation: string): boolean {
  return readers.has(operation);
}

/** The shape of each variable, by the number of its resource. */
export const resourceShapes = new Map<number, readonly number[]>();

/** Axis-aligned boxes and SVG transforms: what plotly asks of a page's layout. */

/** A box in CSS pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** An affine map (x, y) → (a·x + c·y + e, b·x + d·y + f), as SVG writes it. */
export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** The empty box. */
export const nothing: Box = { left: 0, top: 0, right: 0, bottom: 0 };

const identity: Matrix = [1, 0, 0, 1, 0, 0];

/** The box with that corner and size. */
export function boxOf(left: number, top: number, width: number, height: number): Box {
  return { left, top, right: left + width, bottom: top + height };
}

/** The smallest box around both. */
export function union(one: Box, other: Box): Box {
  return {
    left: Math.min(one.left, other.left),
    top: Math.min(one.top, other.top),
    right: Math.max(one.right, other.right),
    bottom: Math.max(one.bottom, other.bottom),
  };
}

/** The smallest box around the box after the map. */
export function moved(box: Box, [a, b, c, d, e, f]: Matrix): Box {
  const corners = [
    [box.left, box.top],
    [box.right, box.top],
    [box.left, box.bottom],
    [box.right, box.bottom],
  ] as const;
  const xs = corners.map(([x, y]) => a * x + c * y + e);
  const ys = corners.map(([x, y]) => b * x + d * y + f);
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

/** Reads an SVG `transform` attribute (SVG 1.1, section 7.6; skews do not occur in plotly). */
export function transformOf(attribute: string | null): Matrix {
  let matrix = identity;
  for (const [, name, list] of (attribute ?? "").matchAll(/(\w+)\(([^)]*)\)/g)) {
    const values = (list ?? "")
      .trim()
      .split(/[\s,]+/)
      .map(Number);
    matrix = times(matrix, part(name ?? "", values));
  }
  return matrix;
}

function part(name: string, [p = 0, q, r, s = 0, t = 0, u = 0]: readonly number[]): Matrix {
  if (name === "translate") return [1, 0, 0, 1, p, q ?? 0];
  if (name === "scale") return [p, 0, 0, q ?? p, 0, 0];
  if (name === "matrix") return [p, q ?? 0, r ?? 0, s, t, u];
  if (name !== "rotate") return identity;
  const angle = (p * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const turn: Matrix = [cos, sin, -sin, cos, 0, 0];
  if (q === undefined || r === undefined) return turn;
  return times(times([1, 0, 0, 1, q, r], turn), [1, 0, 0, 1, -q, -r]);
}

function times(one: Matrix, other: Matrix): Matrix {
  const [a, b, c, d, e, f] = one;
  const [p, q, r, s, t, u] = other;
  return [a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f];
}

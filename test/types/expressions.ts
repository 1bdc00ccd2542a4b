/** Expressions of tensors, and what the compiler is to say of them. */

/** What the expressions speak of. */
export const values = `
  const n: number = 4;
  const list: number[] = [2, 3];
  const v = tf.zeros([3]);
  const m = tf.ones([2, 3]);
  const w = tf.zeros([3, 4]);
  const q = tf.randomNormal([8, 4, 64, 16]);
  const image = tf.zeros([5, 28, 28, 3]);
  const ids = tf.zeros([2, 5], "int32");
  const some = tf.zeros([n, 3]);
  const any = tf.zeros(list);
  const b = tf.named(tf.zeros([6, 28, 28]), ["batch", 28, 28]);
  const t = tf.named(tf.zeros([6, 7, 8]), ["batch", "time", 8]);
`;

/** Expression → its type. The sizes that are numbers must be those of the run. */
export const good: Readonly<Record<string, string>> = {
  // Creation
  "tf.zeros([2, 3])": `Tensor<[2, 3], "float32">`,
  "tf.zeros([])": `Tensor<[], "float32">`,
  'tf.ones([4], "int32")': `Tensor<[4], "int32">`,
  "tf.fill([2, 2], 7)": `Tensor<[2, 2], "float32">`,
  "tf.zeros([n, 2])": `Tensor<[number, 2], "float32">`,
  "tf.zeros(list)": `Tensor<number[], "float32">`,
  "tf.zeros([n > 2 ? 4 : 5, 2])": `Tensor<[number, 2], "float32">`,
  "tf.tensor([[1, 2, 3], [4, 5, 6]])": `Tensor<[2, 3], "float32">`,
  "tf.tensor([1, 2, 3, 4], [2, 2])": `Tensor<[2, 2], "float32">`,
  'tf.tensor([1, 2], undefined, "int32")': `Tensor<[2], "int32">`,
  "tf.tensor(list)": `Tensor<[number], "float32">`,
  "tf.tensor([true, false])": `Tensor<[2], "bool">`,
  "tf.tensor(new Int32Array(6), [2, 3])": `Tensor<[2, 3], "int32">`,
  "tf.scalar(1)": `Tensor<[], "float32">`,
  "tf.eye(3)": `Tensor<[3, 3], "float32">`,
  "tf.eye(3, 4)": `Tensor<[3, 4], "float32">`,
  "tf.linspace(0, 1, 5)": `Tensor<[5], "float32">`,
  "tf.oneHot(ids, 10)": `Tensor<[2, 5, 10], "int32">`,
  "tf.zerosLike(ids)": `Tensor<[2, 5], "int32">`,
  "tf.randomUniform([2, 2])": `Tensor<[2, 2], "float32">`,
  // Value by value
  "tf.add(m, v)": `Tensor<[2, 3], "float32">`,
  "m.add(1)": `Tensor<[2, 3], "float32">`,
  "m.mul(v)": `Tensor<[2, 3], "float32">`,
  "v.sub(m)": `Tensor<[2, 3], "float32">`,
  "m.div(tf.zeros([2, 1]))": `Tensor<[2, 3], "float32">`,
  "tf.zeros([4, 1]).add(tf.zeros([1, 5]))": `Tensor<[4, 5], "float32">`,
  "tf.zeros([7, 1, 5]).maximum(tf.zeros([6, 1]))": `Tensor<[7, 6, 5], "float32">`,
  "some.add(v)": `Tensor<[number, 3], "float32">`,
  "some.add(tf.zeros([4, 3]))": `Tensor<[4, 3], "float32">`,
  "any.add(v)": `Tensor<number[], "float32">`,
  "ids.add(ids)": `Tensor<[2, 5], "int32">`,
  "ids.add(tf.ones([5]))": `Tensor<[2, 5], "float32">`,
  "m.greater(0)": `Tensor<[2, 3], "bool">`,
  "tf.equal(ids, 3)": `Tensor<[2, 5], "bool">`,
  "tf.where(m.greater(0), m, 0)": `Tensor<[2, 3], "float32">`,
  "m.relu().exp().neg()": `Tensor<[2, 3], "float32">`,
  "m.clipByValue(0, 1).softmax()": `Tensor<[2, 3], "float32">`,
  "ids.toFloat()": `Tensor<[2, 5], "float32">`,
  'm.cast("int32")': `Tensor<[2, 3], "int32">`,
  "m.isNaN()": `Tensor<[2, 3], "bool">`,
  "m.add([1, 2, 3])": `Tensor<[2, 3], "float32">`,
  // Matrices
  "m.matMul(w)": `Tensor<[2, 4], "float32">`,
  "tf.matMul(m, w)": `Tensor<[2, 4], "float32">`,
  "w.matMul(m, true, true)": `Tensor<[4, 2], "float32">`,
  "m.matMul(m, false, true)": `Tensor<[2, 2], "float32">`,
  "q.matMul(q, false, true)": `Tensor<[8, 4, 64, 64], "float32">`,
  "tf.zeros([6, 2, 3]).matMul(tf.zeros([1, 3, 4]))": `Tensor<[6, 2, 4], "float32">`,
  "some.matMul(w)": `Tensor<[number, 4], "float32">`,
  'tf.einsum("ij,jk->ik", m, w)': `Tensor<[2, 4], "float32">`,
  'tf.einsum("bhqd,bhkd->bhqk", q, q)': `Tensor<[8, 4, 64, 64], "float32">`,
  'tf.einsum("ij->ji", m)': `Tensor<[3, 2], "float32">`,
  'tf.einsum("ij->", m)': `Tensor<[], "float32">`,
  'tf.einsum("i,j->ij", v, v)': `Tensor<[3, 3], "float32">`,
  "tf.dot(v, v)": `Tensor<[], "float32">`,
  "tf.dot(m, v)": `Tensor<[2], "float32">`,
  // Another shape
  "m.reshape([3, 2])": `Tensor<[3, 2], "float32">`,
  "m.reshape([-1])": `Tensor<[6], "float32">`,
  "q.reshape([8, -1, 16])": `Tensor<[8, 256, 16], "float32">`,
  "image.reshape([5, -1])": `Tensor<[5, 2352], "float32">`,
  "image.flatten()": `Tensor<[11760], "float32">`,
  "some.reshape([-1, 3, 1])": `Tensor<[number, 3, 1], "float32">`,
  "some.reshape([-1])": `Tensor<[number], "float32">`,
  "any.reshape([2, 3])": `Tensor<[2, 3], "float32">`,
  "m.transpose()": `Tensor<[3, 2], "float32">`,
  "q.transpose([0, 2, 1, 3])": `Tensor<[8, 64, 4, 16], "float32">`,
  "m.expandDims()": `Tensor<[1, 2, 3], "float32">`,
  "m.expandDims(-1)": `Tensor<[2, 3, 1], "float32">`,
  "m.expandDims(1)": `Tensor<[2, 1, 3], "float32">`,
  "tf.zeros([1, 3, 1]).squeeze()": `Tensor<[3], "float32">`,
  "tf.zeros([1, 3, 1]).squeeze([0])": `Tensor<[3, 1], "float32">`,
  "tf.zeros([1, 3, 1]).squeeze([-1])": `Tensor<[1, 3], "float32">`,
  // Together and apart
  "tf.concat([m, m])": `Tensor<[4, 3], "float32">`,
  "tf.concat([m, tf.zeros([2, 5])], 1)": `Tensor<[2, 8], "float32">`,
  "tf.concat([m, tf.zeros([2, 5]), tf.zeros([2, 90])], -1)": `Tensor<[2, 98], "float32">`,
  "tf.concat([some, m])": `Tensor<[number, 3], "float32">`,
  "tf.stack([m, m, m])": `Tensor<[3, 2, 3], "float32">`,
  "tf.stack([m, m], 2)": `Tensor<[2, 3, 2], "float32">`,
  "tf.stack([m, m], -1)": `Tensor<[2, 3, 2], "float32">`,
  "tf.split(q, 4, 2)[0]!": `Tensor<[8, 4, 16, 16], "float32">`,
  "w.split(2, -1)[1]!": `Tensor<[3, 2], "float32">`,
  "tf.unstack(q)[0]!": `Tensor<[4, 64, 16], "float32">`,
  "m.unstack(1)[2]!": `Tensor<[2], "float32">`,
  "m.slice([0, 1])": `Tensor<[2, 2], "float32">`,
  "m.slice([1, 0], [1, -1])": `Tensor<[1, 3], "float32">`,
  "image.slice(2, 3)": `Tensor<[3, 28, 28, 3], "float32">`,
  "w.gather(ids)": `Tensor<[2, 5, 4], "float32">`,
  "w.gather(ids, 1)": `Tensor<[3, 2, 5], "float32">`,
  "tf.gather(w, [0, 1, 2])": `Tensor<[number, 4], "float32">`,
  "tf.pad(m, [[1, 1], [0, 2]])": `Tensor<[4, 5], "float32">`,
  "tf.tile(m, [2, 3])": `Tensor<[4, 9], "float32">`,
  // Many to one
  "m.sum()": `Tensor<[], "float32">`,
  "m.sum(0)": `Tensor<[3], "float32">`,
  "m.mean(-1)": `Tensor<[2], "float32">`,
  "m.mean(-1, true)": `Tensor<[2, 1], "float32">`,
  "q.max([1, 3])": `Tensor<[8, 64], "float32">`,
  "q.max([-1, 0], true)": `Tensor<[1, 4, 64, 1], "float32">`,
  "m.argMax(-1)": `Tensor<[2], "int32">`,
  "m.argMax()": `Tensor<[3], "int32">`,
  "m.greater(0).all()": `Tensor<[], "bool">`,
  "ids.sum(1)": `Tensor<[2], "int32">`,
  "ids.mean(1)": `Tensor<[2], "float32">`,
  "some.sum(0)": `Tensor<[3], "float32">`,
  "any.sum(0)": `Tensor<number[], "float32">`,
  "m.logSumExp(1)": `Tensor<[2], "float32">`,
  // Windows
  'tf.conv2d(image, tf.zeros([3, 3, 3, 8]), 1, "valid")': `Tensor<[5, 26, 26, 8], "float32">`,
  'tf.conv2d(image, tf.zeros([3, 3, 3, 8]), 2, "same")': `Tensor<[5, 14, 14, 8], "float32">`,
  'tf.conv2d(image, tf.zeros([3, 5, 3, 8]), [1, 2], "valid")': `Tensor<[5, 26, 12, 8], "float32">`,
  'tf.conv2d(image, tf.zeros([3, 3, 3, 8]), 1, "valid", "NHWC", 4)': `Tensor<[5, 20, 20, 8], "float32">`,
  'tf.conv1d(tf.zeros([5, 30, 4]), tf.zeros([3, 4, 6]), 1, "valid")': `Tensor<[5, 28, 6], "float32">`,
  'tf.maxPool(image, 2, 2, "valid")': `Tensor<[5, 14, 14, 3], "float32">`,
  'tf.avgPool(image, 3, 2, "same")': `Tensor<[5, 14, 14, 3], "float32">`,
  // Names
  b: `Tensor<["batch", 28, 28], "float32">`,
  "b.add(1)": `Tensor<["batch", 28, 28], "float32">`,
  "b.reshape([-1, 784])": `Tensor<["batch", 784], "float32">`,
  "b.mean([1, 2])": `Tensor<["batch"], "float32">`,
  "t.matMul(tf.zeros([8, 5]).expandDims())": `Tensor<["batch", "time", 5], "float32">`,
  "t.transpose([1, 0, 2])": `Tensor<["time", "batch", 8], "float32">`,
  't.sum("time".length - 3)': `Tensor<number[], "float32">`,
  'tf.einsum("btd,bsd->bts", t, t)': `Tensor<["batch", "time", "time"], "float32">`,
  "t.add(tf.zeros([1, 8]))": `Tensor<["batch", "time", 8], "float32">`,
  "t.add(tf.zeros([7, 8]))": `Tensor<["batch", 7, 8], "float32">`,
};

/** Expression, where the error stands, and its words: of the compiler, and of the ShapeError at run time. */
export const bad: readonly [expression: string, at: string, message: string][] = [
  ["m.add(tf.zeros([4]))", "tf.zeros([4])", "add: expected a shape that broadcasts with [2, 3], got [4]"],
  ["tf.mul(m, w)", "w", "mul: expected a shape that broadcasts with [2, 3], got [3, 4]"],
  ["some.sub(tf.zeros([5]))", "tf.zeros([5])", "sub: expected a shape that broadcasts with [?, 3], got [5]"],
  ["m.greater(w)", "w", "greater: expected a shape that broadcasts with [2, 3], got [3, 4]"],
  ["m.matMul(m)", "m", "matMul: expected [..., 3, m] to multiply [2, 3], got [2, 3]"],
  ["tf.matMul(w, m, true)", "m", "matMul: expected [..., 3, m] to multiply [3, 4] (a transposed), got [2, 3]"],
  ["m.matMul(w, false, true)", "w", "matMul: expected [..., m, 3] to multiply [2, 3], got [3, 4] (b transposed)"],
  [
    "q.matMul(tf.zeros([7, 1, 16, 2]))",
    "tf.zeros([7, 1, 16, 2])",
    "matMul: expected batches that broadcast with [8, 4], got [7, 1]",
  ],
  ["m.matMul(v)", "v", "matMul: expected at least 2 axes, got [3]"],
  ['tf.einsum("ij,jk->ik", m, m)', '"ij,jk->ik"', 'einsum: expected 3 for j of "ij,jk->ik", got 2 in [2, 3]'],
  ['tf.einsum("ijk->ik", m)', '"ijk->ik"', 'einsum: expected 3 axes for "ijk->ik", got [2, 3]'],
  ["m.reshape([4, 2])", "[4, 2]", "reshape: expected a shape of 6 values, as many as [2, 3] has, got [4, 2]"],
  ["m.reshape([4, -1])", "[4, -1]", "reshape: expected a shape of 6 values, as many as [2, 3] has, got [4, -1]"],
  ["m.transpose([0, 0])", "[0, 0]", "transpose: expected each axis of [2, 3] once, got [0, 0]"],
  ["q.transpose([0, 2, 1])", "[0, 2, 1]", "transpose: expected each axis of [8, 4, 64, 16] once, got [0, 2, 1]"],
  ["tf.concat([m, w])", "[m, w]", "concat: expected a shape like [2, 3] but for axis 0, got [3, 4]"],
  ["tf.concat([m, m], 2)", "[m, m]", "concat: expected an axis of [2, 3], got 2"],
  ["tf.stack([m, w])", "[m, w]", "stack: expected [2, 3] like the first, got [3, 4]"],
  ["w.split(3, 1)", "3", "split: expected a number of parts that divides 4, got 3"],
  ["m.slice([0, 2], [2, 2])", "[0, 2]", "slice: expected a part of [2, 3], got [2, 2] from [0, 2]"],
  ["image.slice(6)", "6", "slice: expected a part of [5, 28, 28, 3], got the rest from 6"],
  ["tf.pad(m, [[1, 1]])", "[[1, 1]]", "pad: expected 2 entries, one for each axis of [2, 3], got 1"],
  ["tf.tile(m, [2, 2, 2])", "[2, 2, 2]", "tile: expected 2 entries, one for each axis of [2, 3], got 3"],
  ["m.sum(2)", "2", "sum: expected an axis from -2 to 1, got 2 for [2, 3]"],
  ["m.mean([0, -3])", "[0, -3]", "mean: expected an axis from -2 to 1, got -3 for [2, 3]"],
  ["m.argMax(5)", "5", "argMax: expected an axis from -2 to 1, got 5 for [2, 3]"],
];

/** Expression, where the error stands, and what the compiler says. */
export const refused: readonly [expression: string, at: string, message: string][] = [
  [
    "t.add(tf.named(tf.zeros([6, 7, 8]), ['batch', 'head', 8]))",
    "tf.named",
    "add: expected a shape that broadcasts with [batch, time, 8], got [batch, head, 8]",
  ],
  [
    'tf.einsum("bt,tb->b", t.sum(-1), t.sum(-1))',
    '"bt,tb->b"',
    'einsum: expected time for t of "bt,tb->b", got batch in [batch, time]',
  ],
  ["tf.named(m, ['batch', 4])", "['batch', 4]", "named: expected names for [2, 3], got [batch, 4]"],
  [
    'tf.conv2d(image, tf.zeros([3, 3, 4, 8]), 1, "valid")',
    "tf.zeros([3, 3, 4, 8])",
    "conv2d: expected filters [height, width, 3, filters] for [5, 28, 28, 3], got [3, 3, 4, 8]",
  ],
  [
    'tf.conv2d(m, tf.zeros([3, 3, 3, 8]), 1, "valid")',
    "tf.zeros([3, 3, 3, 8])",
    "conv2d: expected images [batch, height, width, channels], got [2, 3]",
  ],
  [
    'tf.maxPool(tf.zeros([1, 2, 2, 1]), 3, 1, "valid")',
    '"valid"',
    "maxPool: expected images of at least [3, 3], got [1, 2, 2, 1]",
  ],
  ["((x: Tensor<[2, 3]>) => x)(w)", "w", "not assignable to parameter of type 'Tensor<[2, 3]"],
  ["((x: Tensor<[2, 3], 'int32'>) => x)(m)", "m", "not assignable to parameter of type 'Tensor<[2, 3], \"int32\">'"],
];
